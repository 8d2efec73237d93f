import { join } from 'node:path';
import { parseHubModel } from '../../language/hub-reference.ts';
import type { ResolvedRun } from '../../language/resolved.ts';
import { problemTypeOf, type ProblemType } from '../../language/schema/formats.ts';
import { LARGEST_COUNT } from '../../language/schema/limits.ts';
import { TunebookError } from '../../protocol/error.ts';
import { checkVocabulary } from '../checkpoint/check-vocabulary.ts';
import type { ModelDescription } from '../checkpoint/save-model.ts';
import type { Tokenizer } from '../data/tokenizer.ts';
import type { Parameter } from '../models/parameter.ts';
import type { Task } from '../models/task.ts';
import type { ModelSpec } from '../runtime/model-spec.ts';
import { batchLimits } from './batch-limits.ts';
import { demandOf, type Demand } from './demand.ts';
import { headLabels } from './head-labels.ts';
import { layOut, referenceOptions, specOf } from './layout.ts';
import { loadSplit, type LoadedSplit } from './load-data.ts';
import { checkMemory, explainMemory } from './memory.ts';
import type { MemoryNeeds } from './memory-needs.ts';
import { settingsToSave } from './method.ts';
import { rowsOf } from './objective.ts';
import { checkState, openModel, openTokenizer } from './open-model.ts';
import { planSteps } from './plan-steps.ts';
import { readValues } from './read-values.ts';

/** Everything a run needs before its first step. */
export interface PreparedRun {
  readonly spec: ModelSpec;
  /** Every parameter of the model, and its starting values. */
  readonly parameters: readonly Parameter[];
  readonly values: Map<string, Float32Array>;
  /** Those that are trained, which are also those that are saved. */
  readonly trained: readonly Parameter[];
  /** Folders with the weights that the run starts from. */
  readonly sources: readonly string[];
  /** What is computed by the model that the run starts from, over the same starting values. */
  readonly reference: ModelSpec['options'];
  readonly description: ModelDescription;
  readonly tokenizer: Tokenizer;
  readonly train: LoadedSplit;
  readonly eval: LoadedSplit | undefined;
  readonly labels: readonly string[];
  /** What it takes of the memory. */
  readonly demand: Demand<Required<MemoryNeeds>>;
}

export interface PrepareHooks {
  /** `cpu`, `webgpu`, …: where the run shall compute. */
  readonly device: string;
  readonly signal: AbortSignal;
  readonly onProgress: (what: 'tokenize', rows: number) => void;
  readonly onWarning: (code: string, message: string, hint?: string) => void;
}

/**
 * Reads the model, the tokenizer and the data of a run and checks that they fit each other.
 * @throws TunebookError whatever does not fit, before anything is computed
 */
export async function prepareRun(run: ResolvedRun, hooks: PrepareHooks): Promise<PreparedRun> {
  // Of a model from scratch the tokenizer says how large it is, of another one its folder which tokenizer it has.
  let own: Tokenizer | undefined;
  const opened = await openModel(run, async () => (own = await openTokenizer(run, undefined)));
  const { model, fields, config, configOf } = opened;
  const tokenizer = own ?? (await openTokenizer(run, model));
  checkVocabulary(tokenizer, config, model ? join(model.base, 'config.json') : run.file);
  checkLength(run, config);
  const { device } = hooks;
  await checkState(run, opened, device);

  const head = headLabels(run, model);
  const load = (name: 'train' | 'eval', labels?: readonly string[]) => {
    const reference = run.data[name];
    const onProgress = (rows: number) => hooks.onProgress('tokenize', rows);
    return (
      reference && loadSplit(run, reference, tokenizer, { signal: hooks.signal, onProgress, labels, head })
    );
  };
  const train = (await load('train', run.model.labels ?? matchingLabels(run, head)))!;
  checkSteps(run, train);
  const problem = checkProblem(run, train);
  const evalSplit = await load('eval', train.labels);
  warnAboutRows(train, run, hooks);

  const task = taskOf(run, problem, train);
  const layout = layOut(run, task, config, model);
  warnAboutHead(layout.replaced, run, hooks);
  const known = { layout, configOf, model, device };
  const demand = demandOf(run, known, (changed) => batchLimits(changed, train));
  checkMemory(run, demand);
  const { trained, parameters, method } = layout;
  const values = orExplained(run, demand, () => readValues(layout, model, run.train.seed));
  return {
    spec: specOf(run, layout),
    parameters,
    values,
    trained,
    sources: model ? [model.base, ...(model.adapter ? [model.adapter.folder] : [])] : [],
    reference: referenceOptions(layout),
    description: {
      baseConfig: fields,
      task,
      labels: [],
      ...(method.lora
        ? {
            adapter: {
              lora: settingsToSave(method.lora, layout.linearLayers),
              modulesToSave: method.lora.modulesToSave,
              ...(model?.adapter?.named ?? nameBase(run, model?.base)),
            },
          }
        : {}),
    },
    tokenizer,
    train,
    eval: evalSplit,
    labels: train.labels,
    demand,
  };
}

/** @throws TunebookError `run/too-many-steps` */
function checkSteps({ train, file }: ResolvedRun, { data }: LoadedSplit): void {
  const { totalSteps, stepsPerEpoch } = planSteps(train, rowsOf(data));
  if (totalSteps <= LARGEST_COUNT) return;
  throw new TunebookError(
    'run/too-many-steps',
    `num_train_epochs is ${train.num_train_epochs}, and an epoch has ${stepsPerEpoch} steps: that is ${totalSteps}, and the trainer counts to ${LARGEST_COUNT}.`,
    { hint: 'Take fewer epochs, or set max_steps.', location: { file } },
  );
}

function orExplained<T>(run: ResolvedRun, demand: Demand, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw explainMemory(run, demand, error);
  }
}

/** What a run does with its model, with as many labels as its data have. */
function taskOf(run: ResolvedRun, problemType: ProblemType | undefined, { data, labels }: LoadedSplit): Task {
  const { task: kind, num_labels: given } = run.model;
  if (kind === 'fill-mask' || kind === 'text-generation') return { kind };
  if (problemType === undefined) return { kind: 'token-classification', numLabels: given ?? labels.length };
  const numLabels = data.kind === 'text-targets' ? data.width : labels.length;
  return { kind: 'text-classification', numLabels, problemType };
}

/**
 * What the outputs of a text classifier mean; undefined for other tasks.
 * @throws TunebookError `run/wrong-problem` where the rows are of another kind than `problem_type` says, `data/label-count` for a
 *   regression with more outputs than one
 */
function checkProblem(run: ResolvedRun, { format }: LoadedSplit): ProblemType | undefined {
  const given = problemTypeOf(format);
  const { problem_type: asked = given, num_labels } = run.model;
  if (run.model.task !== 'text-classification' || given === undefined) return undefined;
  if (asked !== given)
    throw new TunebookError(
      'run/wrong-problem',
      `problem_type is ${asked ?? ''}, but the rows of ${run.data.train.dataset.name} are of format "${format}", which is for ${given}.`,
      { hint: `Set problem_type: ${given}, or take other rows.`, location: { file: run.file } },
    );
  if (given === 'regression' && num_labels !== undefined && num_labels !== 1)
    throw new TunebookError(
      'data/label-count',
      `num_labels is ${num_labels}, but a regression gives one number for each text.`,
      { hint: 'Set num_labels: 1, or leave it out.', location: { file: run.file } },
    );
  return given;
}

/** The model's own labels, when the run says how many there are and they agree: its data may then have the numbers of outputs. */
function matchingLabels(run: ResolvedRun, head: string[] | undefined): string[] | undefined {
  return head?.length === run.model.num_labels ? head : undefined;
}

/** What an adapter is said to be trained on: a model of the Hub by its name, which means something elsewhere too. */
function nameBase({ model }: ResolvedRun, folder = ''): { base: string; revision?: string } {
  const named = parseHubModel(model.base);
  return named ? { base: named.repo, revision: named.revision } : { base: folder };
}

function checkLength(run: ResolvedRun, config: ModelSpec['config']): void {
  if (run.data.max_length > config.max_position_embeddings) {
    throw new TunebookError(
      'run/max-length',
      `max_length is ${run.data.max_length}, but the model has only ${config.max_position_embeddings} positions.`,
      { hint: `Set max_length to at most ${config.max_position_embeddings}.`, location: { file: run.file } },
    );
  }
}

function warnAboutHead(replaced: readonly Parameter[], run: ResolvedRun, { onWarning }: PrepareHooks): void {
  if (replaced.length === 0) return;
  onWarning(
    'model/new-head',
    `${replaced.map(({ name }) => name).join(' and ')} of ${run.model.base} ${replaced.length === 1 ? 'has' : 'have'} another size and start at random, because \`ignore_mismatched_sizes\` is true: the model was trained for other labels.`,
  );
}

function warnAboutRows({ report }: LoadedSplit, run: ResolvedRun, { onWarning }: PrepareHooks): void {
  const spent = report.dropped - report.masked;
  if (report.masked > 0) {
    onWarning(
      'data/masked',
      `${report.masked} of ${report.rows} rows were left out: all of their tokens are masked, so that nothing of them counts for the loss.`,
      'Look at the first of them: an answer may be empty, or belong to another role than the one that is learnt.',
    );
  }
  if (spent > 0 && run.model.task !== 'fill-mask') {
    onWarning(
      'data/dropped',
      `${spent} of ${report.rows} rows were left out: within max_length ${run.data.max_length} nothing of them is to be predicted.`,
      'Raise max_length, if something of them should count.',
    );
  }
  if (report.truncated === 0) return;
  const share = ((100 * report.truncated) / report.rows).toFixed(1);
  const what = run.model.task === 'fill-mask' ? 'were split' : 'were cut';
  onWarning(
    'data/truncated',
    `${report.truncated} of ${report.rows} rows (${share} %) ${what} at max_length ${run.data.max_length}.`,
  );
}
