import type { PackedRows } from '../data/pack.ts';
import type { StoredTokens } from '../data/stored-tokens.ts';
import type { Targets } from '../data/targets.ts';
import { collateClassification, collateTextTargets, type Batch } from './collate.ts';
import { collatePairs, type PairData } from './collate-pairs.ts';
import { collateCausal, collateTokens } from './collate-targets.ts';
import { takeSequences, type MaskedSequences } from './take-sequences.ts';
import { collateMasked, type MaskOptions } from './mask-tokens.ts';
import { rowCount, rowLengths, type Sequences } from './sequences.ts';

/** Data that is ready to train on. */
export type TrainingData =
  | { readonly kind: 'text-classification'; readonly sequences: Sequences; readonly labels: Int32Array }
  /** `values` are `[rows, width] float32`: of each output 0 or 1, or the number itself. */
  | {
      readonly kind: 'text-targets';
      readonly problem: Targets['problem'];
      readonly sequences: Sequences;
      readonly values: Float32Array;
      readonly width: number;
    }
  /** `labels` are aligned with `input_ids`, −100 where there is none. */
  | { readonly kind: 'token-classification'; readonly sequences: Sequences; readonly labels: Int32Array }
  | {
      readonly kind: 'fill-mask';
      readonly sequences: Sequences;
      readonly masking: Omit<MaskOptions, 'stream'>;
    }
  | {
      readonly kind: 'text-generation';
      readonly tokens: StoredTokens;
      /** Which tokens are a sequence. */
      readonly sequences: Pick<Sequences, 'offsets'>;
      /** Which sequences make up a row; absent where each is one. */
      readonly packed?: PackedRows;
    }
  | PairData;

/**
 * Makes a batch of the given rows.
 * @param stream which batch of the run this is, so that random masks differ from batch to batch and repeat on resume
 */
export function makeBatch(data: TrainingData, rows: ArrayLike<number>, stream: number): Batch {
  switch (data.kind) {
    case 'text-classification':
      return collateClassification(data.sequences, data.labels, rows);
    case 'text-targets':
      return collateTextTargets(data.sequences, data, rows);
    case 'token-classification':
      return collateTokens(data.sequences, data.labels, rows);
    case 'fill-mask':
      return collateMasked(data.sequences, rows, { ...data.masking, stream });
    case 'text-generation':
      return collateAll(takeSequences(data, membersOf(data, rows)));
    case 'preference':
      return collatePairs(data, rows);
  }
}

function collateAll({ sequences, lossMask }: MaskedSequences): Batch {
  return collateCausal(sequences, lossMask, [...sequences.offsets.keys()].slice(0, -1));
}

/** How many rows there are to make batches of. */
export function rowsOf(data: TrainingData): number {
  if (data.kind === 'preference') return rowCount(data.sequences) / 2;
  const packed = packedRows(data);
  return packed ? packed.offsets.length - 1 : rowCount(data.sequences);
}

/** Tokens of every row that a batch is made of. */
export function dataLengths(data: TrainingData): Int32Array {
  const lengths = rowLengths(data.sequences);
  if (data.kind === 'preference')
    return Int32Array.from(
      { length: rowsOf(data) },
      (_, pair) => lengths[2 * pair]! + lengths[2 * pair + 1]!,
    );
  const packed = packedRows(data);
  if (!packed) return lengths;
  return Int32Array.from({ length: packed.offsets.length - 1 }, (_, row) =>
    membersOfRow(packed, row).reduce((sum, sequence) => sum + lengths[sequence]!, 0),
  );
}

/** The most sequences that a row is made of. */
export function sequencesPerRow(data: TrainingData): number {
  if (data.kind === 'preference') return 2;
  const packed = packedRows(data);
  return packed ? mostTogether(packed) : 1;
}

/** The most sequences that stand together in a row. */
export function mostTogether({ offsets }: PackedRows): number {
  const counts = offsets.subarray(1).map((end, row) => end - offsets[row]!);
  return counts.reduce((a, b) => Math.max(a, b), 1);
}

/** The sequences of some rows, in their order. */
function membersOf(data: TrainingData, rows: ArrayLike<number>): ArrayLike<number> {
  const packed = packedRows(data);
  return packed ? Array.from(rows).flatMap((row) => [...membersOfRow(packed, row)]) : rows;
}

function packedRows(data: TrainingData): PackedRows | undefined {
  return data.kind === 'text-generation' ? data.packed : undefined;
}

function membersOfRow({ members, offsets }: PackedRows, row: number): Int32Array {
  return members.subarray(offsets[row], offsets[row + 1]);
}
