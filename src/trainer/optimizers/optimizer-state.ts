import type { Optimizer } from '../../language/schema/optimizers.ts';
import { elementCount, type Parameter } from '../models/parameter.ts';

/** A float32 tensor that an optimizer keeps of a parameter from step to step, by the name that torch or transformers gives it. */
export interface StateTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Whether Adafactor keeps of a parameter's second moment only the means of its rows and columns. */
export function isFactored({ shape }: Pick<Parameter, 'shape'>): boolean {
  return shape.length === 2;
}

/** What an optimizer keeps of a parameter. */
export function optimizerState(
  optimizer: Optimizer,
  parameter: Pick<Parameter, 'shape'>,
): readonly StateTensor[] {
  const { shape } = parameter;
  switch (optimizer) {
    case 'adamw':
      return [
        { name: 'exp_avg', shape },
        { name: 'exp_avg_sq', shape },
      ];
    case 'adafactor':
      if (!isFactored(parameter)) return [{ name: 'exp_avg_sq', shape }];
      return [
        { name: 'exp_avg_sq_row', shape: shape.slice(0, 1) },
        { name: 'exp_avg_sq_col', shape: shape.slice(1) },
      ];
  }
}

/** Bytes of what an optimizer keeps of parameters. */
export function stateBytes(optimizer: Optimizer, parameters: readonly Pick<Parameter, 'shape'>[]): number {
  return parameters
    .flatMap((parameter) => optimizerState(optimizer, parameter))
    .reduce((sum, { shape }) => sum + 4 * elementCount(shape), 0);
}
