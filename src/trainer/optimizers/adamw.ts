import { inParts, type KernelCall, type KernelThreads } from '../kernels/kernel-threads.ts';
import type { AdamWScalars } from '../kernels/kernels.ts';
import { decayOf, type TensorOptimizer, type UpdateFactors } from './optimizer.ts';
import type { TrainedTensor } from './trained-tensor.ts';

/**
 * AdamW (Loshchilov & Hutter 2019) as torch.optim.AdamW computes it. Rows of an embedding that were never used have no moments: they only
 * decay.
 */
export class AdamW implements TensorOptimizer {
  readonly #threads: KernelThreads;

  constructor(threads: KernelThreads) {
    this.#threads = threads;
  }

  update(tensors: readonly TrainedTensor[], factors: UpdateFactors): void {
    this.#threads.run(tensors.flatMap((tensor) => callsFor(tensor, factors)));
  }
}

function callsFor(tensor: TrainedTensor, factors: UpdateFactors): KernelCall[] {
  const { memory, values, gradient, usedRows } = tensor;
  const moments = [tensor.stateOf('exp_avg'), tensor.stateOf('exp_avg_sq')];
  const { clip, beta1, beta2, update, learningRate, epsilon } = factors;
  const scalars: AdamWScalars = [
    clip,
    decayOf(tensor.parameter, factors),
    1 - beta1,
    beta2,
    1 - beta2,
    learningRate / (1 - beta1 ** update),
    Math.sqrt(1 - beta2 ** update),
    epsilon,
  ];
  const places = (first: number) => [values, gradient, ...moments].map(({ pointer }) => pointer + 4 * first);
  if (!usedRows)
    return inParts(values.padded, (first, count) => ({
      memory,
      kernel: 'adamw',
      args: [...places(first), count, ...scalars],
    }));
  const { at, width } = usedRows;
  return inParts(
    values.length,
    (first, count) => ({
      memory,
      kernel: 'adamwRows',
      args: [...places(first), at + first / width, count / width, width, ...scalars],
    }),
    width,
  );
}
