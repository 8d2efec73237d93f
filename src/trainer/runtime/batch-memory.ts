import { CPU_LOWERING } from '../graph/graph.ts';
import { peakBytes } from '../graph/peak.ts';
import { resolveShape, type Shape } from '../graph/shape.ts';
import { elementCount } from '../models/parameter.ts';
import { addScores, buildTask } from '../models/task.ts';
import type { BatchLimits } from './cpu-engine.ts';
import { buildCpuStep } from './cpu-step.ts';
import type { ModelSpec } from './model-spec.ts';
import { planPasses } from './passes.ts';

/**
 * Bytes that a training step on the CPU needs for the largest batch, beside weights, gradients and moments: what the operators
 * make, read off the graph as it is run, dropout masks, rows of embeddings, and what segments hand to each other.
 */
export function batchMemory(spec: ModelSpec, limits: BatchLimits): number {
  return batchMeter(spec)(limits);
}

/** {@link batchMemory} for batches of any size: the graph, which takes most of the time, is built once. */
export function batchMeter(spec: ModelSpec): (limits: BatchLimits) => number {
  const { built, segments } = buildCpuStep(spec);
  const { forward, backward } = planPasses(built.graph, segments, true);
  // A session keeps the memory that it once needed.
  const sessions = new Map(
    [...forward, ...backward].map(({ model, part }) => [Buffer.from(model).toString('latin1'), part.graph]),
  );
  const graphs = [...sessions.values()];
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  return (limits) => {
    const sizes = sizesOf(limits);
    const bytes = ({ shape }: { readonly shape: Shape }) => 4 * elementCount(resolveShape(shape, sizes));
    const made = sum(graphs.map((graph) => peakBytes(graph, sizes)));
    const masks = segments.map((segment) => sum(segment.masks.map(({ tensor }) => bytes(tensor))));
    const handed = segments.flatMap(({ output }) => (output ? [bytes(output)] : []));
    const gradients = handed.length > 0 ? 2 * Math.max(...handed) : 0;
    const rows = segments.flatMap(({ outputs }) =>
      outputs.filter(({ name }) => name.startsWith('rows:')).map(({ tensor }) => bytes(tensor)),
    );
    return made + Math.max(...masks) + sum(handed) + gradients + sum(rows);
  };
}

/** Bytes that a model needs to score the targets of a batch of any size, as the reference of a run does: its operators' alone. */
export function scoreMeter({
  config,
  task,
  options,
  ...loss
}: Pick<ModelSpec, 'config' | 'task' | 'options' | 'labelSmoothing' | 'preference'>): (
  limits: BatchLimits,
) => number {
  const built = buildTask(config, task, { ...options, training: false, lowering: CPU_LOWERING });
  addScores(built, loss);
  return (limits) => peakBytes(built.graph, sizesOf(limits));
}

function sizesOf({ tokens, sequences, length }: BatchLimits) {
  return { tokens, batch: sequences, seq: length, targets: tokens, pairs: sequences / 2 };
}
