import type Type from 'typebox';
import type { HoldOut } from './held-out.ts';
import type { DpoSchema } from './schema/dpo.ts';
import type { OrpoSchema } from './schema/orpo.ts';
import type { LoraSchema } from './schema/lora.ts';
import type { Format, ProblemType, TaskName } from './schema/formats.ts';
import type { TrainSchema } from './schema/training.ts';
import type { EndpointSchema } from './schema/endpoint.ts';
import type { GenerationSchema } from './schema/generation.ts';
import type { EvaluateDocument, ExportDocument, PromptDocument } from './schema/kinds.ts';

/** A `dataset:` document after `extends`, with absolute paths. */
export interface ResolvedDataset {
  name: string;
  /** The config file that holds the document, absolute. */
  file: string;
  /** Absolute paths by split. */
  files: Record<string, string[]>;
  /** Which rows of `train` are the split `validation`. */
  train_test_split?: HoldOut;
  /** `auto` where the data set does not say it: the first row tells. */
  format: Format | 'auto';
  /** The configuration of a data set of the Hub; its default one when absent. */
  config?: string;
  /** What a row of a `.txt` file is. */
  sample_by?: 'line' | 'paragraph' | 'document';
  /** The names of the columns that the format reads, by role. */
  columns: Record<string, string>;
  /** Columns of 0 and 1, one a label, in place of the role `labels`. */
  label_columns?: string[];
  /** What stands between labels that are written as one text; `,` when absent. */
  label_separator?: string;
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
export type LoraConfig = Required<Omit<Lora, OptionalLora>> & Pick<Lora, OptionalLora>;

/** Fields of LoRA that mean something by being left out. */
export type OptionalLora = 'modules_to_save' | 'target_modules' | 'exclude_modules' | 'layers_to_transform';

/** Every field of `method: dpo:` with TRL's defaults filled in. */
export type DpoConfig = Required<Type.Static<typeof DpoSchema>>;

/** Every field of `method: orpo:` with TRL's defaults filled in. */
export type OrpoConfig = Required<Type.Static<typeof OrpoSchema>>;

/** What is trained, and with `dpo` or `orpo` from pairs of answers. */
export type Method = ({ full: Record<string, never> } | { lora: LoraConfig }) & {
  dpo?: DpoConfig;
  orpo?: OrpoConfig;
  /** Set where frozen weights are kept in 4 bits. */
  quantization?: { bnb_4bit_quant_type: 'nf4' };
};

/** A `run:` document after `extends`, with defaults, absolute paths, and its data sets in place of their names. */
export interface ResolvedRun {
  name: string;
  /** The config file that holds the document, absolute. */
  file: string;
  model: {
    /** An absolute folder, `hf:…`, `run:NAME[@ID]`, or `scratch`. */
    base: string;
    task: TaskName;
    /** As the run says it; that of the rows when absent. */
    problem_type?: ProblemType;
    num_labels?: number;
    labels?: string[];
    /** Weights of the head that have another size in `base` start anew. */
    ignore_mismatched_sizes?: boolean;
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
  method: Method;
  train: TrainingArguments;
  target: { local: { device: string; threads?: number } };
}

type Generation = Type.Static<typeof GenerationSchema>;

/** Every field of `generation:` with its default filled in. */
export type GenerationSettings = Required<Omit<Generation, 'stop_strings'>> &
  Pick<Generation, 'stop_strings'>;

/** A `prompt:` document after `extends`. Exactly one of `messages` and `template` is there. */
export interface ResolvedPrompt {
  name: string;
  /** The config file that holds the document, absolute. */
  file: string;
  messages?: NonNullable<PromptDocument['messages']>;
  template?: string;
  examples?: { data: DataReference; count: number; select: 'random' | 'similar'; seed: number };
  generation: GenerationSettings;
}

type Endpoint = Type.Static<typeof EndpointSchema>;
type Limits = 'timeout' | 'max_retries' | 'max_concurrency';

/** A model behind an HTTP API, with the defaults of its limits. */
export type ResolvedEndpoint = Endpoint & Required<Pick<Endpoint, Limits>>;

/**
 * What is evaluated: `run` is `NAME` or `NAME@ID`, `model` an absolute folder, `hf:…` or `run:…`. `generation` is what the
 * candidate says before what its prompt says; it is there where either is.
 */
export type ResolvedCandidate = ({ run: string } | { model: string } | { endpoint: ResolvedEndpoint }) & {
  prompt?: ResolvedPrompt;
  generation?: GenerationSettings;
};

/** An `evaluate:` document after `extends`, with its data set in place of its name. */
export interface ResolvedEvaluate {
  name: string;
  /** The config file that holds the document, absolute. */
  file: string;
  data: DataReference;
  candidates: Record<string, ResolvedCandidate>;
  /** The file of a benchmark, absolute. */
  benchmark?: string;
  /** Empty where a benchmark says it. */
  metrics: NonNullable<EvaluateDocument['metrics']>;
  /** How often each row is answered, where it is more than once. */
  repeats?: number;
  /** How many rows are drawn, where not all are evaluated. */
  limit?: number;
  /** What judges answers; `model` is an absolute folder, `hf:…` or `run:…`. */
  judge?: ({ model: string } | { endpoint: ResolvedEndpoint; generation: GenerationSettings }) & {
    criteria: string;
    template?: string;
    /** What each answer is scored by, by name; scores and their words. */
    rubric?: Record<string, { criteria: string; scale: Record<string, string> }>;
    rubric_template?: string;
    /** The scores go before the metrics, because nobody said what is measured. */
    rubric_first?: true;
  };
  /** What every answer should have, by name; `json_schema` is an absolute path. */
  assertions?: Record<string, { contains: string } | { regex: string } | { json_schema: string }>;
  /** The objectives of its file that it measures; filled in by who carries it out. */
  objectives?: ResolvedObjective[];
}

/** The name of a document, and the config file that holds it, absolute. */
export interface DocumentReference {
  name: string;
  file: string;
}

/** The values that a sweep takes for one field. */
export type SweptValues =
  | (number | string | boolean | string[])[]
  | { min: number; max: number; scale: 'linear' | 'log'; steps?: number };

/** A `sweep:` document after `extends`. */
export interface ResolvedSweep {
  name: string;
  /** The config file that holds the document, absolute. */
  file: string;
  run: DocumentReference;
  /** By the path of the field: `train.learning_rate`. */
  over: Record<string, SweptValues>;
  method: 'grid' | 'random' | 'halving';
  samples: number;
  seed: number;
  /** Without `eval_`. */
  metric: string;
  mode: 'max' | 'min';
  eta: number;
  min_steps?: number;
}

/** What an objective asks of a metric. */
export interface Threshold {
  comparison: '>=' | '<=' | '>' | '<';
  value: number;
}

/** An `objective:` document after `extends`. */
export interface ResolvedObjective {
  name: string;
  /** The config file that holds the document, absolute. */
  file: string;
  description?: string;
  evaluate: DocumentReference;
  candidate?: string;
  /** By metric. */
  accept: Record<string, Threshold>;
}

/** An `export:` document after `extends`. */
export interface ResolvedExport {
  name: string;
  /** The config file that holds the document, absolute. */
  file: string;
  /** An absolute folder, `hf:…` or `run:NAME[@ID]`. */
  model: string;
  format: NonNullable<ExportDocument['format']>;
  quantization: NonNullable<ExportDocument['quantization']>;
  /** An absolute path. */
  folder: string;
  merge_adapter: boolean;
}
