import { collate, type Batch } from './collate.ts';
import { rowLength, type Sequences } from './sequences.ts';

/** A batch of pairs of answers, before anybody has said what the reference makes of them. */
export interface PairBatch extends Batch {
  /** Numbers of the pairs, in the order they stand in the batch. */
  readonly rows: Int32Array;
}

/**
 * A batch of pairs: all chosen answers, then all rejected ones, each behind its prompt. Each token that `lossMask` names is
 * predicted at the token before it; `answers` says of which answer it is, `answer_lengths` how many tokens each has.
 * @param sequences two a pair: with the chosen answer, and with the rejected one
 * @param rows numbers of pairs
 */
export function collatePairs(sequences: Sequences, lossMask: Uint8Array, rows: ArrayLike<number>): PairBatch {
  const pairs = rows.length;
  const order = Int32Array.from({ length: 2 * pairs }, (_, i) => 2 * rows[i % pairs]! + (i < pairs ? 0 : 1));
  const feeds = collate(sequences, order);
  const lengths = new Float32Array(2 * pairs);
  const [places, labels, answers]: [number[], number[], number[]] = [[], [], []];
  let done = 0;
  order.forEach((sequence, i) => {
    const from = sequences.offsets[sequence]!;
    const length = rowLength(sequences, sequence);
    const answer = 2 * (i % pairs) + (i < pairs ? 0 : 1);
    for (let token = 0; token < length; token++) {
      if (lossMask[from + token] !== 1) continue;
      lengths[answer]!++;
      // The first token of a sequence has nothing before it that could predict it.
      if (token === 0) continue;
      places.push(done + token - 1);
      labels.push(sequences.input_ids[from + token]!);
      answers.push(answer);
    }
    done += length;
  });
  const integers = (values: number[]) => ({ data: Int32Array.from(values), dims: [values.length] });
  return {
    feeds: {
      ...feeds,
      target_index: integers(places),
      labels: integers(labels),
      answers: integers(answers),
      answer_lengths: { data: lengths.map((length) => Math.max(1, length)), dims: [pairs, 2] },
    },
    tokens: done,
    targets: pairs,
    rows: Int32Array.from(rows),
  };
}
