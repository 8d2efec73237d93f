import { isDecayed, type Parameter } from '../models/parameter.ts';
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
  /** One step of every parameter. */
  update(tensors: readonly TrainedTensor[], factors: UpdateFactors): void;
}

/** What the values of a parameter are multiplied by before a step: 1 − lr · weight_decay, or 1 where they do not decay. */
export function decayOf(parameter: Parameter, { learningRate, weightDecay }: UpdateFactors): number {
  return isDecayed(parameter) ? 1 - learningRate * weightDecay : 1;
}
