import { collate, type Batch } from './collate.ts';
import { rowLength, type Sequences } from './sequences.ts';

/** Two sequences a row: a prompt with the chosen answer, and with the rejected one. */
export interface PairData {
  readonly kind: 'preference';
  readonly sequences: Sequences;
  /** Names the tokens of answers. */
  readonly lossMask: Uint8Array;
  /** The chosen text is learnt as well, prompt and answer. */
  readonly learnsChosen: boolean;
}

/** A batch of pairs of answers, before anybody has said what the reference makes of them. */
export interface PairBatch extends Batch {
  /** Numbers of the pairs, in the order they stand in the batch. */
  readonly rows: Int32Array;
}

/**
 * A batch of pairs: all chosen answers, then all rejected ones, each behind its prompt. Each token that `lossMask` names is
 * predicted at the token before it; `answers` says of which answer it is, `answer_lengths` how many tokens each has. Where the chosen
 * text is learnt, its prompt is predicted too: `is_answer` tells the two apart, and `chosen_share` is one over the number of all
 * predicted tokens of chosen texts, 0 for rejected ones.
 * @param rows numbers of pairs
 */
export function collatePairs(
  { sequences, lossMask, learnsChosen }: PairData,
  rows: ArrayLike<number>,
): PairBatch {
  const pairs = rows.length;
  const order = Int32Array.from({ length: 2 * pairs }, (_, i) => 2 * rows[i % pairs]! + (i < pairs ? 0 : 1));
  const feeds = collate(sequences, order);
  const lengths = new Float32Array(2 * pairs);
  const [places, labels]: [number[], number[]] = [[], []];
  const [answers, isAnswer]: [number[], number[]] = [[], []];
  let done = 0;
  order.forEach((sequence, i) => {
    const from = sequences.offsets[sequence]!;
    const length = rowLength(sequences, sequence);
    const answer = 2 * (i % pairs) + (i < pairs ? 0 : 1);
    for (let token = 0; token < length; token++) {
      const belongs = lossMask[from + token] === 1;
      if (belongs) lengths[answer]!++;
      if (!belongs && !(learnsChosen && i < pairs)) continue;
      // The first token of a sequence has nothing before it that could predict it.
      if (token === 0) continue;
      places.push(done + token - 1);
      labels.push(sequences.input_ids[from + token]!);
      answers.push(answer);
      isAnswer.push(Number(belongs));
    }
    done += length;
  });
  const chosen = answers.reduce((count, answer) => count + Number(answer % 2 === 0), 0);
  const floats = (values: number[]) => ({ data: Float32Array.from(values), dims: [values.length] });
  const integers = (values: number[]) => ({ data: Int32Array.from(values), dims: [values.length] });
  return {
    feeds: {
      ...feeds,
      target_index: integers(places),
      labels: integers(labels),
      answers: integers(answers),
      answer_lengths: { data: lengths.map((length) => Math.max(1, length)), dims: [pairs, 2] },
      ...(learnsChosen
        ? {
            is_answer: floats(isAnswer),
            chosen_share: floats(answers.map((answer) => (answer % 2 === 0 ? 1 / chosen : 0))),
          }
        : {}),
    },
    tokens: done,
    targets: pairs,
    rows: Int32Array.from(rows),
  };
}
