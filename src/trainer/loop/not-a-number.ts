import { TunebookError } from '../../protocol/error.ts';
import type { BrokenTensor } from '../checkpoint/broken-weights.ts';

/** A step whose loss or gradient is no number. */
export interface NotANumber {
  readonly step: number;
  readonly loss: number;
  readonly gradNorm: number;
  readonly learningRate: number;
  /** In mixed precision the loss scale was lowered first, step by step, until it was no help any more. */
  readonly float16?: boolean;
}

/** `train/not-a-number` where the model that the run starts from is to blame. */
export function brokenBaseError({ step }: NotANumber, { folder, name, value }: BrokenTensor): TunebookError {
  return new TunebookError(
    'train/not-a-number',
    `The loss of step ${step} is not a number, as a weight that the run starts from is none: ${name} in ${folder} holds ${value}.`,
    {
      location: { file: folder },
      hint: 'The file is damaged, or was saved after a training that had gone wrong: copy the model again, or take another.',
    },
  );
}

/**
 * `train/not-a-number`: which step, what became of the weights, and what to try.
 * @param kept whether the weights are numbers still, and the step of the newest checkpoint, if there is one
 */
export function notANumberError(
  { step, loss, learningRate, float16 = false }: NotANumber,
  { finite, checkpoint }: { readonly finite: boolean; readonly checkpoint: number | undefined },
): TunebookError {
  const what = Number.isFinite(loss) ? 'gradient' : 'loss';
  const newest =
    checkpoint === undefined
      ? 'There is no checkpoint from before.'
      : `The newest checkpoint is checkpoint-${checkpoint}.`;
  const weights = finite
    ? `The weights were kept: they are in checkpoint-${checkpoint ?? 0}.`
    : `The weights had overflowed by then. ${newest}`;
  return new TunebookError(
    'train/not-a-number',
    `The ${what} of step ${step} is not a number (learning rate ${learningRate}). ${weights}`,
    {
      hint: float16
        ? 'Numbers of this model do not fit float16, at any loss scale: remove fp16.'
        : 'Lower learning_rate, raise warmup_steps, or set max_grad_norm; then look at the rows of that step.',
    },
  );
}
