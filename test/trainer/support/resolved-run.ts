import { DpoSchema } from '../../../src/language/schema/dpo.ts';
import type { Format } from '../../../src/language/schema/formats.ts';
import { LoraSchema } from '../../../src/language/schema/lora.ts';
import { OrpoSchema } from '../../../src/language/schema/orpo.ts';
import { TrainSchema } from '../../../src/language/schema/training.ts';
import type {
  DpoConfig,
  LoraConfig,
  OrpoConfig,
  ResolvedRun,
  TrainingArguments,
} from '../../../src/language/resolved.ts';

/** What a test says of a run; the rest are the defaults of the schema. */
export interface RunFields {
  /** Folder of the base model, which also holds its tokenizer. */
  base: string;
  task?: ResolvedRun['model']['task'];
  architecture?: Record<string, unknown>;
  tokenizer?: string;
  numLabels?: number;
  ignoreMismatchedSizes?: boolean;
  /** Data file of each split. */
  train: string;
  eval?: string;
  maxLength?: number;
  /** Of the data; by the task when absent. */
  format?: Format;
  method?: ({ full: Record<string, never> } | { lora: Partial<LoraConfig> }) &
    Pick<ResolvedRun['method'], 'quantization'> & { dpo?: Partial<DpoConfig>; orpo?: Partial<OrpoConfig> };
  arguments?: Partial<TrainingArguments>;
  threads?: number;
}

/** A run as the language resolves it, from files that a test has. */
export function resolvedRun(fields: RunFields): ResolvedRun {
  const { base, task = 'text-classification', method = { full: {} } } = fields;
  const split = (file: string) => ({
    dataset: {
      name: 'rows',
      file: 'test.tune.yaml',
      files: { rows: [file] },
      format:
        fields.format ?? (task === 'text-classification' ? ('classification' as const) : ('text' as const)),
      columns: {},
    },
    split: 'rows',
  });
  return {
    name: 'test',
    file: 'test.tune.yaml',
    model: {
      base,
      task,
      ...(fields.numLabels === undefined ? {} : { num_labels: fields.numLabels }),
      ...(fields.ignoreMismatchedSizes ? { ignore_mismatched_sizes: true } : {}),
      ...(fields.architecture ? { architecture: fields.architecture } : {}),
      ...(fields.tokenizer ? { tokenizer: fields.tokenizer } : {}),
    },
    data: {
      train: split(fields.train),
      ...(fields.eval ? { eval: split(fields.eval) } : {}),
      max_length: fields.maxLength ?? 40,
    },
    method: wholeMethod(method),
    train: trainingArguments(fields.arguments),
    target: { local: { device: 'cpu', threads: fields.threads ?? 2 } },
  };
}

/** Every training argument: the schema's defaults and what is derived from others, as the language resolves them. */
export function trainingArguments(given: Partial<TrainingArguments> = {}): TrainingArguments {
  // SAFETY: the schema gives every field a default; those that are derived are filled in below.
  const train = { ...(defaultsOf(TrainSchema) as TrainingArguments), ...given };
  const metric = train.metric_for_best_model ?? (train.load_best_model_at_end ? 'loss' : null);
  return {
    ...train,
    eval_steps: train.eval_steps ?? train.logging_steps,
    data_seed: train.data_seed ?? train.seed,
    metric_for_best_model: metric,
    greater_is_better: train.greater_is_better ?? (metric === null ? null : !metric.endsWith('loss')),
  };
}

function wholeMethod({
  dpo,
  orpo,
  quantization,
  ...trained
}: NonNullable<RunFields['method']>): ResolvedRun['method'] {
  const pairs = {
    // SAFETY: the schema's defaults are a whole DpoConfig.
    ...(dpo && { dpo: { ...(defaultsOf(DpoSchema) as DpoConfig), ...dpo } }),
    // SAFETY: and those of ORPO a whole OrpoConfig.
    ...(orpo && { orpo: { ...(defaultsOf(OrpoSchema) as OrpoConfig), ...orpo } }),
  };
  const beside = { ...pairs, ...(quantization && { quantization }) };
  if ('lora' in trained) return { lora: { ...loraDefaults(), ...trained.lora }, ...beside };
  return { full: {}, ...beside };
}

function loraDefaults(): LoraConfig {
  // SAFETY: the schema's defaults are a whole LoraConfig.
  return defaultsOf(LoraSchema) as LoraConfig;
}

function defaultsOf(schema: { properties: Record<string, unknown> }): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema.properties).map(([name, field]) => {
      const hasDefault = typeof field === 'object' && field !== null && 'default' in field;
      return [name, hasDefault ? field.default : undefined];
    }),
  );
}
