import { splitWords, type StoredTokens } from '../data/stored-tokens.ts';
import type { Sequences } from './sequences.ts';

/** Sequences of a causal language model. */
export interface MaskedSequences {
  readonly sequences: Sequences;
  /** Aligned with `input_ids`: 1 where the token is to be predicted. */
  readonly lossMask: Uint8Array;
}

/** Reads some sequences into memory, in the order of `rows`. */
export function takeSequences(
  {
    tokens,
    sequences: { offsets },
  }: { readonly tokens: StoredTokens; readonly sequences: Pick<Sequences, 'offsets'> },
  rows: ArrayLike<number>,
): MaskedSequences {
  const words = Array.from(rows, (row) => tokens.read(offsets[row]!, offsets[row + 1]!));
  const own = new Int32Array(words.length + 1);
  for (const [row, each] of words.entries()) own[row + 1] = own[row]! + each.length;
  const all = new Int32Array(own[words.length]!);
  for (const [row, each] of words.entries()) all.set(each, own[row]);
  const { input_ids, loss_mask: lossMask } = splitWords(all);
  return { sequences: { input_ids, offsets: own }, lossMask };
}
