import type { StepSettings } from '../runtime/engine.ts';
import type { TrainedTensor } from './trained-tensor.ts';

/** What every parameter of a step has in common. */
export interface UpdateFactors extends StepSettings {
  /** Factor on every gradient, from clipping and the loss scale. */
  readonly clip: number;
  /** The number of this update, from 1; steps that changed nothing are not counted. */
  readonly update: number;
}

/** Moves parameters that lie in numeric memory along their gradients. */
export interface TensorOptimizer {
  /**
   * One step of one parameter.
   * @param decay what its values are multiplied by first: 1 − lr · weight_decay, or 1
   */
  update(tensor: TrainedTensor, factors: UpdateFactors, decay: number): void;
}
