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

/** What the optimizer of a name computes. */
export function optimizerOf(name: OptimizerName): Optimizer {
  return OPTIMIZERS.find(([known]) => known === name)?.[1] ?? 'adamw';
}
