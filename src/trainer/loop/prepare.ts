import { parseHubModel } from '../../language/hub-reference.ts';
import type { ResolvedRun } from '../../language/resolved.ts';
import { problemTypeOf, type ProblemType } from '../../language/schema/formats.ts';
import { optimizerOf } from '../../language/schema/optimizers.ts';
import { TunebookError } from '../../protocol/error.ts';
import { inspectModel, locateParameters, type InspectedModel } from '../checkpoint/inspect-model.ts';
import { labelsOf } from '../checkpoint/model-folder.ts';
import { loadParameters } from '../checkpoint/load-parameters.ts';
import { resolveBase, resolveTokenizer } from '../checkpoint/resolve-base.ts';
import type { ModelDescription } from '../checkpoint/save-model.ts';
import { loadTokenizer, type Tokenizer } from '../data/tokenizer.ts';
import { CPU_LOWERING } from '../graph/graph.ts';
import { familyOf, KNOWN_MODEL_TYPES, parseModelConfig } from '../models/config.ts';
import type { Parameter } from '../models/parameter.ts';
import { mayBeFresh, type Head } from '../models/family.ts';
import { buildTask, headFor, type Task } from '../models/task.ts';
import type { ModelSpec } from '../runtime/model-spec.ts';
import { loadSplit, type LoadedSplit } from './load-data.ts';
import { mergeLora, startMagnitudes } from '../methods/merge.ts';
import { loadQuantized, quantizedLayers } from './quantize-weights.ts';
import { checkTargets, continueAdapter, readMethod } from './method.ts';

/** Everything a run needs before its first step. */
export interface PreparedRun {
  readonly spec: ModelSpec;
  /** Every parameter of the model, and its starting values. */
  readonly parameters: readonly Parameter[];
  readonly values: Map<string, Float32Array>;
  /** Those that are trained, which are also those that are saved. */
  readonly trained: readonly Parameter[];
  /** What is computed by the model that the run starts from, over the same starting values. */
  readonly reference: ModelSpec['options'];
  readonly description: ModelDescription;
  readonly tokenizer: Tokenizer;
  readonly train: LoadedSplit;
  readonly eval: LoadedSplit | undefined;
  readonly labels: readonly string[];
}

export interface PrepareHooks {
  readonly signal: AbortSignal;
  readonly onProgress: (what: 'tokenize', rows: number) => void;
  readonly onWarning: (code: string, message: string, hint?: string) => void;
}

/**
 * Reads the model, the tokenizer and the data of a run and checks that they fit each other.
 * @throws TunebookError whatever does not fit, before anything is computed
 */
export async function prepareRun(run: ResolvedRun, hooks: PrepareHooks): Promise<PreparedRun> {
  const base = run.model.base === 'scratch' ? undefined : resolveBase(run.model.base, run.file);
  const model = base === undefined ? undefined : inspectModel(base);
  const own = run.model.tokenizer;
  const tokenizer = await loadTokenizer(
    own === undefined ? (model?.tokenizerFolder ?? missingTokenizer(run)) : resolveTokenizer(own),
  );
  const fields = model?.fields ?? scratchFields(run, tokenizer);
  const config = model?.config ?? parseModelConfig(fields, run.file);
  checkSizes(run, tokenizer, config);

  const load = (name: 'train' | 'eval', labels?: readonly string[]) => {
    const reference = run.data[name];
    const onProgress = (rows: number) => hooks.onProgress('tokenize', rows);
    return reference && loadSplit(run, reference, tokenizer, { signal: hooks.signal, onProgress, labels });
  };
  const head = labelsOf(model?.fields);
  const train = (await load('train', run.model.labels ?? matchingLabels(run, head)))!;
  const problem = checkProblem(run, train);
  const evalSplit = await load('eval', train.labels);
  warnAboutRows(train, run, hooks);

  const task: Task =
    run.model.task === 'fill-mask' || run.model.task === 'text-generation'
      ? { kind: run.model.task }
      : problem === undefined
        ? { kind: 'token-classification', numLabels: run.model.num_labels ?? train.labels.length }
        : {
            kind: 'text-classification',
            numLabels: train.data.kind === 'text-targets' ? train.data.width : train.labels.length,
            problemType: problem,
          };
  return {
    ...assemble(run, task, config, fields, model),
    tokenizer,
    train,
    eval: evalSplit,
    labels: train.labels,
  };
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

/** What config.json says of a model from scratch: sizes from the run, ids of special tokens from the tokenizer. */
function scratchFields(
  { model }: ResolvedRun,
  { vocabSize, specialTokens }: Tokenizer,
): Record<string, unknown> {
  const { bos, eos, pad } = specialTokens;
  const ids = { bos_token_id: bos, eos_token_id: eos, pad_token_id: pad };
  const known = Object.entries(ids).filter(([, id]) => id !== undefined);
  return { vocab_size: vocabSize, ...Object.fromEntries(known), ...model.architecture };
}

/** The model's own labels, when the run says how many there are and they agree: an already tuned classifier goes on. */
function matchingLabels(run: ResolvedRun, head: string[] | undefined): string[] | undefined {
  const generic = head?.every((label) => /^LABEL_\d+$/.test(label)) ?? true;
  return !generic && head?.length === run.model.num_labels ? head : undefined;
}

function assemble(
  run: ResolvedRun,
  task: Task,
  config: ModelSpec['config'],
  baseConfig: Readonly<Record<string, unknown>>,
  model: InspectedModel | undefined,
): Pick<PreparedRun, 'spec' | 'parameters' | 'values' | 'trained' | 'description' | 'reference'> {
  const { seed } = run.train;
  const head = headFor(config, task) ?? noHead(run, config);
  const { base, adapter: before } = model ?? {};
  const folders = base === undefined ? [] : [base];
  const parametersOf = (options: ModelSpec['options']) =>
    buildTask(config, task, { ...options, training: false, lowering: CPU_LOWERING }).builder;

  // Which modules the base lacks decides what LoRA must save whole, so the bare model is looked at first.
  const bare = parametersOf({});
  const quantized = quantizedLayers(run, head, before?.lora.options.modules_to_save);
  const inFour = new Set(
    quantized ? bare.linearLayers.filter(quantized).map(({ name }) => `${name}.weight`) : [],
  );
  const rest = [...bare.parameters.values()].filter(({ name }) => !inFour.has(name));
  const { values, initialized } = loadParameters(rest, folders, seed);
  if (quantized) initialized.push(...loadQuantized(bare, quantized, folders, values));
  if (base !== undefined) checkWhole(initialized, base, head);
  if (model && before) {
    const { inAdapter } = locateParameters(model, task);
    for (const [name, value] of loadParameters(inAdapter, [before.folder], seed).values)
      values.set(name, value);
    if (!('lora' in run.method)) mergeLora(before.lora, bare.linearLayers, values);
  }
  const continues = before !== undefined && 'lora' in run.method;
  const method = continues
    ? continueAdapter(run, before.lora, head)
    : readMethod(run, base, initialized, head, familyOf(config));
  const kept = quantized ? { quantized } : {};
  const options = { ...kept, ...(method.adapter ? { adapter: method.adapter } : {}) };
  const builder = parametersOf(options);
  checkTargets(method, builder.linearLayers, run.file);

  const parameters = [...builder.parameters.values()];
  const added = parameters.filter(({ name }) => !values.has(name));
  for (const [name, value] of loadParameters(added, [], seed).values) values.set(name, value);
  if (method.lora?.config.use_dora && !continues)
    startMagnitudes(method.lora.settings, builder.linearLayers, values);
  const trained = parameters.filter(method.isTrained);
  const { lora } = method;
  const { dpo, orpo } = run.method;
  return {
    spec: {
      config,
      task,
      options,
      isTrained: method.isTrained,
      labelSmoothing: run.train.label_smoothing_factor,
      optimizer: optimizerOf(run.train.optim),
      checkpointing: run.train.gradient_checkpointing,
      float16: run.train.fp16,
      ...(dpo ? { preference: dpo, disableDropout: dpo.disable_dropout } : {}),
      ...(orpo
        ? { preference: { beta: orpo.beta, loss_type: 'orpo' }, disableDropout: orpo.disable_dropout }
        : {}),
    },
    parameters,
    values,
    trained,
    // What the run starts from: an adapter that it goes on with belongs to it, a new one is nothing yet.
    reference: continues ? options : kept,
    description: {
      baseConfig,
      task,
      labels: [],
      ...(lora
        ? {
            adapter: {
              lora: lora.config,
              modulesToSave: lora.modulesToSave,
              ...(before?.named ?? nameBase(run, base)),
            },
          }
        : {}),
    },
  };
}

/** What an adapter is said to be trained on: a model of the Hub by its name, which means something elsewhere too. */
function nameBase({ model }: ResolvedRun, folder = ''): { base: string; revision?: string } {
  const named = parseHubModel(model.base);
  return named ? { base: named.repo, revision: named.revision } : { base: folder };
}

/** Heads may be fresh; a body with fresh weights would be another model than the config names. */
function checkWhole(fresh: readonly string[], base: string, head: Head): void {
  const holes = fresh.filter((name) => !mayBeFresh(head, name));
  if (holes.length === 0) return;
  const shown = holes.slice(0, 3).join(', ');
  throw new TunebookError(
    'model/missing-weights',
    `The weights in ${base} lack ${holes.length === 1 ? shown : `${holes.length} parameters: ${shown}${holes.length > 3 ? ', …' : ''}`}.`,
    {
      hint: 'The weights and the config.json are of different models, or a shard is missing: copy the folder again.',
      location: { file: base },
    },
  );
}

function noHead(run: ResolvedRun, config: ModelSpec['config']): never {
  throw new TunebookError(
    'model/no-head',
    `Models of type ${config.model_type} have no head for the task ${run.model.task}.`,
    {
      hint: 'Take another task, or a base model of a family that does it.',
      location: { file: run.file },
    },
  );
}

function checkSizes(run: ResolvedRun, tokenizer: Tokenizer, config: ModelSpec['config']): void {
  if (tokenizer.vocabSize > config.vocab_size) {
    throw new TunebookError(
      'model/vocabulary-mismatch',
      `The tokenizer has ${tokenizer.vocabSize} tokens, but the model's embedding has only ${config.vocab_size} rows.`,
      { hint: 'The tokenizer is of another model.', location: { file: tokenizer.folder } },
    );
  }
  if (run.data.max_length > config.max_position_embeddings) {
    throw new TunebookError(
      'run/max-length',
      `max_length is ${run.data.max_length}, but the model has only ${config.max_position_embeddings} positions.`,
      { hint: `Set max_length to at most ${config.max_position_embeddings}.`, location: { file: run.file } },
    );
  }
}

function warnAboutRows({ report }: LoadedSplit, run: ResolvedRun, { onWarning }: PrepareHooks): void {
  if (report.dropped > 0 && run.model.task !== 'fill-mask') {
    onWarning(
      'data/dropped',
      `${report.dropped} of ${report.rows} rows were left out: within max_length ${run.data.max_length} nothing of them is to be predicted.`,
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

function missingTokenizer(run: ResolvedRun): never {
  throw new TunebookError('model/no-tokenizer', 'A model from scratch needs a tokenizer.', {
    hint: `Give model: tokenizer: a folder with tokenizer.json. Known architectures: ${KNOWN_MODEL_TYPES.join(', ')}.`,
    location: { file: run.file },
  });
}
