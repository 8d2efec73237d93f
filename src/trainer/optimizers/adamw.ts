import type { Kernels } from '../kernels/kernels.ts';
import type { TensorOptimizer, UpdateFactors } from './optimizer.ts';
import type { TrainedTensor } from './trained-tensor.ts';

/**
 * AdamW (Loshchilov & Hutter 2019) as torch.optim.AdamW computes it. Rows of an embedding that were never used have no moments: they only
 * decay.
 */
export class AdamW implements TensorOptimizer {
  readonly #kernels: Kernels;

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
  }

  update(tensor: TrainedTensor, factors: UpdateFactors, decay: number): void {
    tensor.forEachStretch((offset, count, seen) => {
      if (seen) this.#step(tensor, offset, count, decay, factors);
      else if (decay !== 1) this.#kernels.scaleBy(tensor.values.pointer + 4 * offset, count, decay);
    });
  }

  #step(tensor: TrainedTensor, offset: number, count: number, decay: number, f: UpdateFactors): void {
    const at = 4 * offset;
    this.#kernels.adamw(
      tensor.values.pointer + at,
      tensor.gradient.pointer + at,
      tensor.stateOf('exp_avg').pointer + at,
      tensor.stateOf('exp_avg_sq').pointer + at,
      count,
      f.clip,
      decay,
      1 - f.beta1,
      f.beta2,
      1 - f.beta2,
      f.learningRate / (1 - f.beta1 ** f.update),
      Math.sqrt(1 - f.beta2 ** f.update),
      f.epsilon,
    );
  }
}
