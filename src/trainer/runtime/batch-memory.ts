import { peakBytes } from '../graph/peak.ts';
import { resolveShape, type Shape } from '../graph/shape.ts';
import { elementCount } from '../models/parameter.ts';
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
    const sizes = {
      tokens: limits.tokens,
      batch: limits.sequences,
      seq: limits.length,
      targets: limits.tokens,
      pairs: limits.sequences / 2,
    };
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
