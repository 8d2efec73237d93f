import assert from 'node:assert/strict';
import { bestSentence, rank, type TrialResult } from './rank.ts';

function result(
  index: number,
  metric: number | undefined,
  state: TrialResult['state'] = 'finished',
): TrialResult {
  return {
    index,
    name: `lr-${index + 1}`,
    values: { 'train.learning_rate': 0.001 * (index + 1) },
    state,
    ...(metric === undefined ? {} : { metric }),
  };
}
const accuracy = { name: 'lr', metric: 'accuracy', mode: 'max' as const };

describe('the best run of a sweep', () => {
  it('is the one with the best number, of equals the earlier; failed ones have none', () => {
    const results = [
      result(0, 0.5),
      result(1, 0.9),
      result(2, 0.9),
      result(3, 0.99, 'failed'),
      result(4, undefined),
    ];
    assert.deepEqual(
      rank(results, 'max').map(({ index }) => index),
      [1, 2, 0],
    );
    assert.deepEqual(
      rank(results, 'min').map(({ index }) => index),
      [0, 1, 2],
    );
  });

  it('is told in a sentence', () => {
    assert.equal(
      bestSentence(accuracy, [
        result(0, 0.5),
        result(1, 0.912),
        result(2, 0.7),
        result(3, undefined, 'failed'),
      ]),
      'Best by accuracy: lr-2 with 91.2 % (train.learning_rate 0.002), of 3 runs, 1 failed; the median is 70.0 %.',
    );
    assert.equal(
      bestSentence({ ...accuracy, metric: 'loss', mode: 'min' }, [result(0, 0.5), result(1, 0.4, 'held')]),
      'Best by loss: lr-1 with 0.5 (train.learning_rate 0.001), of 1 run that trained to the end, 1 ended early.',
    );
    assert.equal(
      bestSentence(accuracy, [result(0, undefined, 'failed')]),
      'No run of lr finished with a number for accuracy.',
    );
  });
});
