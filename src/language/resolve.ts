import Type from 'typebox';
import Value from 'typebox/value';
import { effective } from './effective.ts';
import { scalarAt } from './node.ts';
import type { Project } from './project.ts';
import { lookup, splitOfReference } from './reference.ts';
import { resolveValue } from './resolve-value.ts';
import type {
  DataReference,
  ResolvedDataset,
  ResolvedEvaluate,
  ResolvedRun,
  TrainingArguments,
} from './resolved.ts';
import { rolesOf } from './schema/formats.ts';
import { KIND_SCHEMAS, type Kind, type RunDocument } from './schema/kinds.ts';
import { LoraSchema } from './schema/lora.ts';
import { schemaOf } from './schema/navigate.ts';
import { TrainSchema } from './schema/training.ts';
import type { MapNode, TuneDocument } from './tree.ts';

/** Documents with everything filled in: what the trainer gets. */
export type {
  DataReference,
  LoraConfig,
  ResolvedDataset,
  ResolvedEvaluate,
  ResolvedRun,
  TrainingArguments,
} from './resolved.ts';

export { findDocument } from './find-document.ts';

/**
 * A `run:` document as the trainer takes it: inherited fields, defaults, absolute paths, its data sets in place of
 * their names, and what transformers derives from other arguments.
 * @throws Error when the document is not valid: check it first
 */
export function resolveRun(project: Project, document: TuneDocument): ResolvedRun {
  const root = effectiveRoot(project, document, 'run');
  const value = checked(KIND_SCHEMAS.run, resolveValue(root, schemaOf('run')), document);
  const { base, task, architecture, ...labels } = value.model;
  const { local } = given(value.target, document);
  const evalSplit = dataReference(project, root, ['data', 'eval']);
  return {
    name: value.run,
    file: document.file.path,
    model: {
      base,
      task: given(task, document),
      ...(base === 'scratch' && architecture && { architecture }),
      ...labels,
    },
    data: {
      train: given(dataReference(project, root, ['data', 'train']), document),
      ...(evalSplit && { eval: evalSplit }),
      max_length: given(value.data.max_length, document),
      ...(task === 'fill-mask' && { mlm_probability: given(value.data.mlm_probability, document) }),
      ...(task === 'text-generation' && {
        packing: given(value.data.packing, document),
        packing_strategy: given(value.data.packing_strategy, document),
        completion_only_loss: given(value.data.completion_only_loss, document),
        assistant_only_loss: given(value.data.assistant_only_loss, document),
        ...(value.data.chat_template_path !== undefined && {
          chat_template_path: value.data.chat_template_path,
        }),
      }),
    },
    method: resolveMethod(value.method, document),
    train: deriveArguments(checked(AllArguments, value.train, document)),
    target: { local: { ...local, device: given(local.device, document) } },
  };
}

/**
 * An `evaluate:` document with its data set in place of its name.
 * @throws Error when the document is not valid: check it first
 */
export function resolveEvaluate(project: Project, document: TuneDocument): ResolvedEvaluate {
  const root = effectiveRoot(project, document, 'evaluate');
  const value = checked(KIND_SCHEMAS.evaluate, resolveValue(root, schemaOf('evaluate')), document);
  const candidates = Object.entries(value.candidates).map(([name, { run, model }]) => [
    name,
    run === undefined ? { model: given(model, document) } : { run },
  ]);
  return {
    name: value.evaluate,
    file: document.file.path,
    data: given(dataReference(project, root, ['data']), document),
    // SAFETY: each entry is a name and a candidate, as they are made above; fromEntries forgets it.
    candidates: Object.fromEntries(candidates) as ResolvedEvaluate['candidates'],
    metrics: given(value.metrics, document),
  };
}

/**
 * A `dataset:` document with absolute paths. A column is named for what the format needs only.
 * @throws Error when the document is not valid: check it first
 */
export function resolveDataset(project: Project, document: TuneDocument): ResolvedDataset {
  const root = effectiveRoot(project, document, 'dataset');
  const value = checked(KIND_SCHEMAS.dataset, resolveValue(root, schemaOf('dataset')), document);
  const names: Readonly<Record<string, string | undefined>> = given(value.columns, document);
  const columns = rolesOf(value.format).map((role) => [role, given(names[role], document)] as const);
  const files = Object.entries(value.files).map(([split, each]) => [
    split,
    Array.isArray(each) ? each : [each],
  ]);
  return {
    name: value.dataset,
    file: document.file.path,
    // SAFETY: each entry is a split and its files, as they are made above; fromEntries forgets it.
    files: Object.fromEntries(files) as Record<string, string[]>,
    format: value.format,
    ...(value.sample_by !== 'line' && { sample_by: given(value.sample_by, document) }),
    columns: Object.fromEntries(columns),
    ...(value.labels && { labels: value.labels }),
  };
}

/** The data set and split that the reference under `path` names; `undefined` where there is none. */
function dataReference(project: Project, root: MapNode, path: string[]): DataReference | undefined {
  const reference = scalarAt(root, ...path);
  if (typeof reference?.value !== 'string') return undefined;
  const { dataset, split } = splitOfReference(reference.value);
  const { found } = lookup(project, reference.document.file, 'dataset', dataset);
  return found && split !== undefined ? { dataset: resolveDataset(project, found), split } : undefined;
}

const AllArguments = Type.Required(TrainSchema);
const AllLora = Type.Required(Type.Omit(LoraSchema, ['modules_to_save', 'target_modules']));

/** What `__post_init__` of transformers 5.18's TrainingArguments derives, and the seed of the data order. */
function deriveArguments(train: Type.Static<typeof AllArguments>): TrainingArguments {
  const metric = train.metric_for_best_model ?? (train.load_best_model_at_end ? 'loss' : null);
  return {
    ...train,
    // Transformers takes 0 for unset as well.
    eval_steps: train.eval_steps || train.logging_steps,
    data_seed: train.data_seed ?? train.seed,
    metric_for_best_model: metric,
    greater_is_better: train.greater_is_better ?? (metric === null ? null : !metric.endsWith('loss')),
  };
}

function resolveMethod(method: RunDocument['method'], document: TuneDocument): ResolvedRun['method'] {
  if (method?.lora === undefined) return { full: {} };
  const { modules_to_save, target_modules, ...lora } = method.lora;
  return {
    lora: {
      ...checked(AllLora, lora, document),
      ...(target_modules && { target_modules }),
      ...(modules_to_save && { modules_to_save }),
    },
  };
}

function effectiveRoot(project: Project, document: TuneDocument, kind: Kind): MapNode {
  const root = document.kind === kind ? effective(project, document) : undefined;
  return given(root, document);
}

function checked<Schema extends Type.TSchema>(
  schema: Schema,
  value: unknown,
  document: TuneDocument,
): Type.Static<Schema> {
  if (Value.Check(schema, value)) return value;
  throw notValid(document);
}

function given<Value>(value: Value | undefined, document: TuneDocument): Value {
  if (value === undefined) throw notValid(document);
  return value;
}

/** The caller has not checked: a fault of ours, so no TunebookError. */
function notValid({ file, name }: TuneDocument): Error {
  return new Error(`${file.path}: "${name ?? ''}" was resolved although it is not valid`);
}
