import type { Batch } from './collate.ts';
import { collateClassification } from './collate.ts';
import { collateMasked, type MaskOptions } from './mask-tokens.ts';
import type { Sequences } from './sequences.ts';

/** Data that is ready to train on. */
export type TrainingData =
  | { readonly kind: 'text-classification'; readonly sequences: Sequences; readonly labels: Int32Array }
  | {
      readonly kind: 'fill-mask';
      readonly sequences: Sequences;
      readonly masking: Omit<MaskOptions, 'stream'>;
    };

/**
 * Makes a batch of the given rows.
 * @param stream which batch of the run this is, so that random masks differ from batch to batch and repeat on resume
 */
export function makeBatch(data: TrainingData, rows: ArrayLike<number>, stream: number): Batch {
  return data.kind === 'text-classification'
    ? collateClassification(data.sequences, data.labels, rows)
    : collateMasked(data.sequences, rows, { ...data.masking, stream });
}
