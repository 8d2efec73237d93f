import { backward, type Gradient } from '../graph/backward.ts';
import { Graph, type Lowering, type Tensor } from '../graph/graph.ts';
import { crossEntropy, weightedSum } from '../graph/ops/loss.ts';
import { declareBatch } from './batch-inputs.ts';
import { bertForMaskedLM, bertForSequenceClassification, type BertConfig } from './bert.ts';
import { ModelBuilder, type BuilderOptions } from './builder.ts';
import type { Parameter } from './parameter.ts';

/** What a model is asked to do; names are those of the Hub's pipelines. */
export type Task =
  { readonly kind: 'text-classification'; readonly numLabels: number } | { readonly kind: 'fill-mask' };

export interface TaskOptions extends BuilderOptions {
  readonly lowering: Lowering;
  readonly labelSmoothing?: number;
}

/** A model with its task, written into a graph: logits, and the loss where labels are fed. */
export interface TaskGraph {
  readonly graph: Graph;
  readonly builder: ModelBuilder;
  /** `[batch, num_labels]` or `[targets, vocab]` float32. */
  readonly logits: Tensor;
}

/** Builds a model up to its logits. */
export function buildTask(config: BertConfig, task: Task, options: TaskOptions): TaskGraph {
  const graph = new Graph(options.lowering);
  const builder = new ModelBuilder(graph, options);
  const inputs = { ...declareBatch(builder), token_type_ids: builder.ids('token_type_ids', ['tokens']) };
  const logits =
    task.kind === 'fill-mask'
      ? bertForMaskedLM(builder, config, inputs)
      : bertForSequenceClassification(builder, config, inputs, task.numLabels);
  return { graph, builder, logits };
}

/** A parameter and what its gradient consists of. */
export interface TrainedParameter {
  readonly parameter: Parameter;
  readonly gradient: Gradient;
}

/**
 * Adds the loss and the gradients of the parameters that `isTrained` names. The loss of a batch is
 * `Σ cross entropy · loss_weight`, where `loss_weight` is one over the number of targets in the accumulation window.
 * Output: `loss` (scalar).
 */
export function addTraining(
  { graph, builder, logits }: TaskGraph,
  isTrained: (parameter: Parameter) => boolean,
  options: { readonly labelSmoothing?: number } = {},
): TrainedParameter[] {
  const labels = builder.ids('labels', [logits.shape[0] ?? 1]);
  const weight = graph.input('loss_weight', []);
  const loss = weightedSum(graph, crossEntropy(graph, logits, labels, options), weight);
  const trained = [...builder.parameters.values()].filter(isTrained);
  const gradients = backward(
    graph,
    loss,
    trained.map((parameter) => parameter.tensor),
  );
  graph.output('loss', loss);
  return trained.map((parameter) => ({
    parameter,
    gradient: gradients.get(parameter.tensor) ?? { rows: [] },
  }));
}
