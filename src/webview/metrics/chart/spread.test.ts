import assert from 'node:assert/strict';
import { spread } from './spread.ts';

const column = (...tops: number[]) => tops.map((top) => ({ left: 0, top }));

describe('metrics: spreading labels', () => {
  it('leaves alone what is apart', () => assert.deepEqual(spread(column(10, 50, 90), 16, 200), [10, 50, 90]));
  it('moves down what would be covered', () =>
    assert.deepEqual(spread(column(10, 12, 13), 16, 200), [10, 26, 42]));
  it('moves up what would leave the chart', () =>
    assert.deepEqual(spread(column(195, 199), 16, 200), [184, 200]));
  it('keeps the order of what it is given', () =>
    assert.deepEqual(spread(column(20, 10), 16, 200), [26, 10]));
  it('does not mind labels beside each other', () =>
    assert.deepEqual(
      spread(
        [
          { left: 0, top: 10 },
          { left: 40, top: 10 },
        ],
        16,
        200,
      ),
      [10, 10],
    ));
});
