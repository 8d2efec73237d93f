import type { ProblemType } from '../../language/schema/formats.ts';
import { Graph, type Lowering, type Tensor } from '../graph/graph.ts';
import {
  linearCrossEntropy,
  linearLogProbabilities,
  linearMeanLogits,
  linearScores,
  type LinearHead,
} from '../graph/ops/head.ts';
import { binaryCrossEntropy, crossEntropy, squaredError, weightedSum } from '../graph/ops/loss.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { add, div, mul, neg } from '../graph/ops/elementwise.ts';
import { sumByIndex } from '../graph/ops/gather.ts';
import { linear } from '../graph/ops/matmul.ts';
import { oddsRatioLoss, preferenceLoss, type PreferenceOptions } from '../graph/ops/preference.ts';
import { reshape } from '../graph/ops/shape.ts';
import { softCap } from '../graph/ops/softcap.ts';
import { declareBatch, declareCachedBatch } from './batch-inputs.ts';
import { ModelBuilder, type BuilderOptions } from './builder.ts';
import { familyOf, type ModelConfig } from './config.ts';
import type { Head, LanguageModelOutput } from './family.ts';
import type { KeyValueCache } from './key-value-cache.ts';

/** What a model is asked to do; names are those of the Hub's pipelines. */
export type Task =
  | { readonly kind: 'text-classification'; readonly numLabels: number; readonly problemType?: ProblemType }
  | { readonly kind: 'token-classification'; readonly numLabels: number }
  | { readonly kind: 'fill-mask' }
  | { readonly kind: 'text-generation' };

export interface TaskOptions extends BuilderOptions {
  readonly lowering: Lowering;
}

/** A model with its task, written into a graph. */
export interface TaskGraph {
  readonly graph: Graph;
  readonly builder: ModelBuilder;
  readonly task: Task;
  /** `[batch, num_labels]`, `[targets, num_labels]` or `[targets, vocab]` float32. */
  readonly logits: Tensor;
  /** Of language models the last layer, before it is multiplied out into `logits`. */
  readonly output?: LinearHead;
}

/** The head of a config's family for a task; undefined where the family does not do the task. */
export function headFor(config: ModelConfig, task: Task): Head | undefined {
  return familyOf(config)[task.kind];
}

/** Builds a model up to its logits. What nobody reads of it is not in the encoded graph. */
export function buildTask(config: ModelConfig, task: Task, options: TaskOptions): TaskGraph {
  const graph = new Graph(options.lowering);
  const builder = new ModelBuilder(graph, options);
  const inputs = declareBatch(builder);
  const family = familyOf(config);
  if (task.kind === 'text-classification' || task.kind === 'token-classification') {
    const head = family[task.kind] ?? noHead(config, task);
    return { graph, builder, task, logits: head.logits(builder, inputs, task.numLabels) };
  }
  const head = family[task.kind] ?? noHead(config, task);
  const output = head.build(builder, inputs);
  return { graph, builder, task, output, logits: multiplyOut(graph, output) };
}

/** A causal model that goes on from a cache. */
export interface DecoderGraph {
  readonly graph: Graph;
  readonly builder: ModelBuilder;
  /** `[targets, vocab] float32`. */
  readonly logits: Tensor;
  readonly cache: KeyValueCache;
}

/**
 * Builds a causal language model that reads new tokens and keeps the keys and values of those before (see `cachedAttention`).
 * @throws Error for a model that does not generate text
 */
export function buildDecoder(
  config: ModelConfig,
  options: BuilderOptions & { readonly lowering: Lowering },
): DecoderGraph {
  const head = familyOf(config)['text-generation'] ?? noHead(config, { kind: 'text-generation' });
  const graph = new Graph(options.lowering);
  const builder = new ModelBuilder(graph, options);
  const inputs = declareCachedBatch(builder);
  return { graph, builder, logits: multiplyOut(graph, head.build(builder, inputs)), cache: inputs.cache };
}

/** `[targets, vocab] float32`: all logits at once. */
function multiplyOut(g: Graph, { hidden, weight, bias, softcap }: LanguageModelOutput): Tensor {
  const logits = linear(g, hidden, weight, bias);
  return softcap === undefined ? logits : softCap(g, logits, softcap);
}

export interface LossOptions {
  readonly labelSmoothing?: number;
  /** The loss is that of pairs of answers. */
  readonly preference?: PreferenceOptions;
}

/**
 * Adds the loss of a batch: `Σ loss · loss_weight`, where `loss_weight` is one over the number of targets in the accumulation
 * window. Output: `loss` (scalar); with pairs of answers also those of {@link PAIR_OUTPUTS}.
 */
export function addTrainingLoss(built: TaskGraph, options: LossOptions = {}): Tensor {
  const loss = addLoss(built, built.graph.input('loss_weight', []), options);
  built.graph.output('loss', loss);
  return loss;
}

function addLoss(built: TaskGraph, weight: Tensor, options: LossOptions): Tensor {
  const { graph, builder, task, logits, output } = built;
  const [rows = 1] = logits.shape;
  if (options.preference) return addPairLoss(built, weight, options.preference);
  if (output) return linearCrossEntropy(graph, output, builder.ids('labels', [rows]), weight, options);
  const problem = task.kind === 'text-classification' ? task.problemType : undefined;
  if (problem === undefined || problem === 'single_label_classification')
    return weightedSum(graph, crossEntropy(graph, logits, builder.ids('labels', [rows]), options), weight);
  const labels = graph.input('labels', logits.shape);
  const loss = problem === 'regression' ? squaredError : binaryCrossEntropy;
  return weightedSum(graph, loss(graph, logits, labels), weight);
}

/** What a step on pairs of answers gives beside its loss: log-probability (of ORPO its mean over tokens) and sum of mean logits of each, `[pairs, 2]`. */
export const PAIR_OUTPUTS = { logps: 'answer_logps', logits: 'answer_logits' } as const;

function addPairLoss(
  { graph, builder, output }: TaskGraph,
  weight: Tensor,
  options: PreferenceOptions,
): Tensor {
  if (!output) throw new Error('only language models learn from pairs of answers');
  const rows = output.hidden.shape[0] ?? 1;
  const logProbabilities = linearLogProbabilities(graph, output, builder.ids('labels', [rows]));
  const answers = builder.ids('answers', [rows]);
  const { loss, policy } = pairLoss(graph, logProbabilities, answers, options);
  graph.output(PAIR_OUTPUTS.logps, policy);
  graph.output(PAIR_OUTPUTS.logits, sumOfAnswers(graph, linearMeanLogits(graph, output), answers));
  if (options.loss_type !== 'orpo') return weightedSum(graph, loss, weight);
  // ORPO learns the chosen text as well: the mean over its tokens is the same for every pair of the batch.
  const share = graph.input('chosen_share', [rows]);
  const learnt = neg(graph, reduceSum(graph, mul(graph, logProbabilities, share), [0]));
  return weightedSum(graph, add(graph, loss, learnt), weight);
}

function pairLoss(g: Graph, logProbabilities: Tensor, answers: Tensor, options: PreferenceOptions) {
  const lengths = g.input('answer_lengths', ['pairs', 2]);
  if (options.loss_type === 'orpo') {
    const isAnswer = g.input('is_answer', logProbabilities.shape);
    const means = div(g, sumOfAnswers(g, mul(g, logProbabilities, isAnswer), answers), lengths);
    return { loss: oddsRatioLoss(g, means, options), policy: means };
  }
  const reference = g.input('reference', ['pairs', 2]);
  const policy = sumOfAnswers(g, logProbabilities, answers);
  return { loss: preferenceLoss(g, { policy, reference, lengths }, options), policy };
}

/**
 * Sums over the tokens of each answer.
 * @param x `[targets] float32`
 * @param answers `[targets] int32`: twice the number of the pair, and one more for the rejected answer
 * @returns `[pairs, 2]`: chosen, rejected
 */
function sumOfAnswers(g: Graph, x: Tensor, answers: Tensor): Tensor {
  return reshape(g, sumByIndex(g, x, answers, '2*pairs'), ['pairs', 2]);
}

/**
 * Adds what evaluation wants of a language model, which is never all logits at once.
 * Outputs: `target_loss [targets] float32` in nats, `prediction [targets] int32`; with pairs of answers also
 * `pair_loss [pairs, 1]` (of ORPO without what the chosen text costs) and `answer_logps [pairs, 2]`.
 */
export function addScores({ graph, builder, output }: TaskGraph, options: LossOptions): void {
  if (!output) throw new Error('only language models have scores');
  const rows = output.hidden.shape[0] ?? 1;
  const { loss, prediction } = linearScores(graph, output, builder.ids('labels', [rows]), options);
  graph.output('target_loss', loss);
  graph.output('prediction', prediction);
  if (!options.preference) return;
  const logProbabilities = graph.single('Neg', [loss], {}, loss.shape);
  const pairs = pairLoss(graph, logProbabilities, builder.ids('answers', [rows]), options.preference);
  graph.output('pair_loss', pairs.loss);
  graph.output(PAIR_OUTPUTS.logps, pairs.policy);
}

function noHead(config: ModelConfig, task: Task): never {
  throw new Error(`models of type ${config.model_type} have no head for ${task.kind}`);
}
