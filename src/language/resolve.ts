import Type from 'typebox';
import { valueAt } from './node.ts';
import type { Project } from './project.ts';
import { dataReference } from './resolve-dataset.ts';
import { resolveGeneration, resolvePrompt } from './resolve-prompt.ts';
import { checked, effectiveRoot, given } from './resolve-support.ts';
import { namedDocument } from './resolve-sweep.ts';
import { resolveValue } from './resolve-value.ts';
import type {
  ResolvedCandidate,
  ResolvedEndpoint,
  ResolvedEvaluate,
  ResolvedRun,
  TrainingArguments,
} from './resolved.ts';
import { withFamilyDefaults } from './schema/architecture-defaults.ts';
import { KIND_SCHEMAS, type EvaluateDocument, type RunDocument } from './schema/kinds.ts';
import { DpoSchema } from './schema/dpo.ts';
import type { EndpointSchema } from './schema/endpoint.ts';
import { OrpoSchema } from './schema/orpo.ts';
import { problemTypeOf } from './schema/formats.ts';
import { LoraSchema } from './schema/lora.ts';
import { PROBLEM_EVALUATION, TAG_EVALUATION, USUAL_TAG_METRICS } from './schema/metrics.ts';
import { schemaOf } from './schema/navigate.ts';
import { TrainSchema } from './schema/training.ts';
import type { MapNode, TuneDocument } from './tree.ts';

/** Documents with everything filled in: what the trainer gets. */
export type {
  DataReference,
  GenerationSettings,
  LoraConfig,
  ResolvedCandidate,
  ResolvedDataset,
  ResolvedEvaluate,
  ResolvedExport,
  ResolvedObjective,
  ResolvedPrompt,
  ResolvedRun,
  ResolvedSweep,
  TrainingArguments,
} from './resolved.ts';

export { findDocument } from './find-document.ts';
export { resolveDataset } from './resolve-dataset.ts';
export { readThreshold, resolveExport, resolveObjective } from './resolve-objective.ts';
export { resolvePrompt } from './resolve-prompt.ts';
export { resolveSweep } from './resolve-sweep.ts';

/**
 * A `run:` document as the trainer takes it: inherited fields, defaults, absolute paths, its data sets in place of
 * their names, and what transformers derives from other arguments.
 * @throws Error when the document is not valid: check it first
 */
export function resolveRun(project: Project, document: TuneDocument): ResolvedRun {
  const root = effectiveRoot(project, document, 'run');
  const value = checked(KIND_SCHEMAS.run, resolveValue(root, schemaOf('run')), document);
  const { base, task, architecture, ignore_mismatched_sizes, ...labels } = value.model;
  const { local } = given(value.target, document);
  const evalSplit = dataReference(project, root, ['data', 'eval']);
  return {
    name: value.run,
    file: document.file.path,
    model: {
      base,
      task: given(task, document),
      ...(base === 'scratch' && architecture && { architecture: withFamilyDefaults(architecture) }),
      ...labels,
      ...(ignore_mismatched_sizes && { ignore_mismatched_sizes }),
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
  const candidates = Object.keys(value.candidates).map((name) => [
    name,
    resolveCandidate(project, root, name, value.candidates[name] ?? {}, document),
  ]);
  const data = given(dataReference(project, root, ['data']), document);
  return {
    name: value.evaluate,
    file: document.file.path,
    data,
    // SAFETY: each entry is a name and a candidate, as they are made above; fromEntries forgets it.
    candidates: Object.fromEntries(candidates) as ResolvedEvaluate['candidates'],
    ...(value.benchmark !== undefined && { benchmark: value.benchmark }),
    metrics: metricsOf(root, value, data.dataset.format, document),
    ...(value.repeats !== undefined && value.repeats > 1 && { repeats: value.repeats }),
    ...(value.limit !== undefined && { limit: value.limit }),
    ...(value.judge && { judge: resolveJudge(root, value.judge, document) }),
    // SAFETY: the schema lets exactly one field of each assertion through, which its static type does not say.
    ...(value.assertions && { assertions: value.assertions as NonNullable<ResolvedEvaluate['assertions']> }),
  };
}

/** What is measured where nothing is said: what the rows have answers for. */
export function usualMetrics(format: string): ResolvedEvaluate['metrics'] {
  if (format === 'text') return ['perplexity', 'bits_per_byte'];
  if (format === 'tokens') return TAG_EVALUATION.slice(0, USUAL_TAG_METRICS);
  const hasTexts = ['prompt-completion', 'chat', 'alpaca', 'sharegpt'].includes(format);
  if (hasTexts) return ['exact_match', 'token_f1', 'rougeL'];
  const problem = problemTypeOf(format) ?? 'single_label_classification';
  return PROBLEM_EVALUATION[problem].slice(0, 2);
}

function metricsOf(
  root: MapNode,
  { metrics, benchmark, judge }: EvaluateDocument,
  format: string,
  document: TuneDocument,
): ResolvedEvaluate['metrics'] {
  const isAsked = valueAt(root, 'metrics') !== undefined;
  const asked = isAsked ? given(metrics, document) : benchmark === undefined ? usualMetrics(format) : [];
  if (!judge || judge.rubric || asked.includes('win_rate')) return asked;
  // A judge that nobody asked for by its metric is still asked; where nothing is asked for, it is what matters most.
  return isAsked ? [...asked, 'win_rate'] : ['win_rate', ...asked];
}

function resolveJudge(
  root: MapNode,
  { model, endpoint, criteria, template, rubric, rubric_template }: NonNullable<EvaluateDocument['judge']>,
  document: TuneDocument,
): NonNullable<ResolvedEvaluate['judge']> {
  const scores = rubric && {
    rubric,
    ...(rubric_template !== undefined && { rubric_template }),
    ...(valueAt(root, 'metrics') === undefined && { rubric_first: true as const }),
  };
  const asked = {
    criteria: given(criteria, document),
    ...(template !== undefined && { template }),
    ...scores,
  };
  if (model !== undefined) return { model, ...asked };
  const generation = resolveGeneration([valueAt(root, 'judge', 'generation')], document);
  return { endpoint: resolveEndpoint(given(endpoint, document), document), generation, ...asked };
}

function resolveEndpoint(
  { timeout, max_retries, max_concurrency, ...rest }: Type.Static<typeof EndpointSchema>,
  document: TuneDocument,
): ResolvedEndpoint {
  return {
    ...rest,
    timeout: given(timeout, document),
    max_retries: given(max_retries, document),
    max_concurrency: given(max_concurrency, document),
  };
}

function resolveCandidate(
  project: Project,
  root: MapNode,
  name: string,
  { run, model, endpoint, generation }: NonNullable<EvaluateDocument['candidates'][string]>,
  document: TuneDocument,
): ResolvedCandidate {
  const prompt = namedDocument(project, root, 'prompt', 'candidates', name, 'prompt');
  const sections = [valueAt(root, 'candidates', name, 'generation')];
  if (prompt) sections.push(valueAt(effectiveRoot(project, prompt, 'prompt'), 'generation'));
  const asked = {
    ...(prompt && { prompt: resolvePrompt(project, prompt) }),
    ...((prompt ?? generation) && { generation: resolveGeneration(sections, document) }),
  };
  if (run !== undefined) return { run, ...asked };
  if (model !== undefined) return { model, ...asked };
  return { endpoint: resolveEndpoint(given(endpoint, document), document), ...asked };
}

const AllArguments = Type.Required(TrainSchema);
const AllDpo = Type.Required(DpoSchema);
const AllOrpo = Type.Required(OrpoSchema);
const AllLora = Type.Required(
  Type.Omit(LoraSchema, ['modules_to_save', 'target_modules', 'exclude_modules', 'layers_to_transform']),
);

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
  const preference = {
    ...(method?.dpo && { dpo: checked(AllDpo, method.dpo, document) }),
    ...(method?.orpo && { orpo: checked(AllOrpo, method.orpo, document) }),
  };
  const bits = method?.quantization;
  const quantization = bits?.load_in_4bit && {
    quantization: { bnb_4bit_quant_type: given(bits.bnb_4bit_quant_type, document) },
  };
  if (method?.lora === undefined) return { full: {}, ...preference };
  const { modules_to_save, target_modules, exclude_modules, layers_to_transform, ...lora } = method.lora;
  return {
    ...preference,
    ...quantization,
    lora: {
      ...checked(AllLora, lora, document),
      ...(target_modules && { target_modules }),
      ...(modules_to_save && { modules_to_save }),
      ...(exclude_modules && { exclude_modules }),
      ...(layers_to_transform && { layers_to_transform }),
    },
  };
}
