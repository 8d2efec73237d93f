import type { TrainingArguments } from '../../language/resolved.ts';
import type { TrainingEngine } from '../runtime/engine.ts';
import type { Batch } from './collate.ts';

/** How losses are scaled for float16, and how many steps changed nothing so far. */
export interface Scaling {
  readonly scale: number;
  readonly skipped: number;
}

/**
 * Takes one optimizer step over one accumulation window.
 * @param observe told of each batch with what the engine gave beside its loss
 * @returns the loss per target of the window in nats, and the norm of its gradient before clipping
 */
export async function takeStep(
  engine: TrainingEngine,
  batches: readonly Batch[],
  train: TrainingArguments,
  learningRate: number,
  observe?: (batch: Batch, observed: TrainingEngine['observed']) => void,
  { scale, skipped }: Scaling = { scale: 1, skipped: 0 },
): Promise<{ loss: number; gradNorm: number }> {
  const targets = batches.reduce((sum, batch) => sum + batch.targets, 0);
  const { seed } = train;
  const { step } = engine;
  let loss = 0;
  for (const [microBatch, batch] of batches.entries()) {
    loss += (await engine.accumulate(batch.feeds, scale / targets, { seed, step, microBatch })) / scale;
    observe?.(batch, engine.observed);
  }
  const gradNorm = await engine.update({
    learningRate,
    weightDecay: train.weight_decay,
    beta1: train.adam_beta1,
    beta2: train.adam_beta2,
    epsilon: train.adam_epsilon,
    maxGradNorm: train.max_grad_norm,
    lossScale: scale,
    skipped,
  });
  return { loss, gradNorm };
}
