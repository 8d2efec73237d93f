import type Type from 'typebox';
import type { LoraSchema } from './schema/lora.ts';
import type { Format, TaskName } from './schema/formats.ts';
import type { TrainSchema } from './schema/training.ts';
import type { EvaluateDocument } from './schema/kinds.ts';

/** A `dataset:` document after `extends`, with absolute paths. */
export interface ResolvedDataset {
  name: string;
  /** The config file that holds the document, absolute. */
  file: string;
  /** Absolute paths by split. */
  files: Record<string, string[]>;
  format: Format;
  /** What a row of a `.txt` file is. */
  sample_by?: 'line' | 'paragraph' | 'document';
  /** The names of the columns that the format reads, by role. */
  columns: Record<string, string>;
  labels?: string[];
}

/** One split of a data set. */
export interface DataReference {
  dataset: ResolvedDataset;
  split: string;
}

type Train = Required<Type.Static<typeof TrainSchema>>;

/**
 * Every field of `train:` with transformers' defaults filled in, and with what its `__post_init__` derives:
 * `eval_steps` from `logging_steps`, `data_seed` from `seed`, `metric_for_best_model` and `greater_is_better` where
 * the best model is asked for.
 */
export type TrainingArguments = Omit<Train, 'eval_steps' | 'data_seed'> & {
  eval_steps: number;
  data_seed: number;
};

type Lora = Type.Static<typeof LoraSchema>;

/** Every field of `method: lora:` with PEFT's defaults filled in, but for those that depend on the model. */
export type LoraConfig = Required<Omit<Lora, 'modules_to_save' | 'target_modules'>> &
  Pick<Lora, 'modules_to_save' | 'target_modules'>;

/** A `run:` document after `extends`, with defaults, absolute paths, and its data sets in place of their names. */
export interface ResolvedRun {
  name: string;
  /** The config file that holds the document, absolute. */
  file: string;
  model: {
    /** An absolute folder, `hf:…`, `run:NAME[@ID]`, or `scratch`. */
    base: string;
    task: TaskName;
    num_labels?: number;
    labels?: string[];
    /** Fields of `config.json`, for `scratch`. */
    architecture?: Record<string, unknown>;
    /** An absolute folder that holds `tokenizer.json`. */
    tokenizer?: string;
  };
  data: {
    train: DataReference;
    eval?: DataReference;
    max_length: number;
    /** With `fill-mask`. */
    mlm_probability?: number;
    /** With `text-generation`, like those after it. */
    packing?: boolean;
    packing_strategy?: 'bfd' | 'wrapped';
    completion_only_loss?: boolean;
    assistant_only_loss?: boolean;
    /** An absolute path. */
    chat_template_path?: string;
  };
  method: { full: Record<string, never> } | { lora: LoraConfig };
  train: TrainingArguments;
  target: { local: { device: string; threads?: number } };
}

/** An `evaluate:` document after `extends`, with its data set in place of its name. */
export interface ResolvedEvaluate {
  name: string;
  /** The config file that holds the document, absolute. */
  file: string;
  data: DataReference;
  /** Where `run` is `NAME` or `NAME@ID`, and `model` an absolute folder, `hf:…` or `run:…`. */
  candidates: Record<string, { run: string } | { model: string }>;
  metrics: NonNullable<EvaluateDocument['metrics']>;
}
