import { TunebookError } from '../../protocol/error.ts';

/** The optimizers of transformers' `optim` that run here, by its names: which algorithm each is, and what it does. */
export const OPTIMIZERS = [
  ['adamw_torch_fused', 'adamw', 'AdamW.'],
  ['adamw_torch', 'adamw', 'AdamW.'],
  [
    'adafactor',
    'adafactor',
    'Adafactor, as Trainer sets it up: with the `learning_rate` of the run and without a first moment. Of the second moment of a matrix it keeps the means of rows and columns, so its state is next to nothing, where that of AdamW is twice the weights. `adam_*` do not count.',
  ],
] as const;

export type OptimizerName = (typeof OPTIMIZERS)[number][0];
/** What an optimizer computes, whatever it is called. */
export type Optimizer = (typeof OPTIMIZERS)[number][1];

/**
 * What the optimizer of a name computes.
 * @throws TunebookError `run/unknown-optimizer` for a name that this version does not know, as the file of another version may have it
 */
export function optimizerOf(name: string): Optimizer {
  const known = OPTIMIZERS.find(([each]) => each === name);
  if (known) return known[1];
  throw new TunebookError(
    'run/unknown-optimizer',
    `There is no optimizer ${name} in this version of Tunebook.`,
    {
      hint: `Set train: { optim } to ${OPTIMIZERS.map(([each]) => each).join(', ')}, or continue with the version that made it.`,
    },
  );
}
