import assert from 'node:assert/strict';
import fc from 'fast-check';
import { epochOrder, groupByLength, type SamplingStrategy } from './sampler.ts';

describe('epochOrder', () => {
  it('visits every row once, whatever the strategy', () => {
    fc.assert(
      fc.property(
        fc.nat(200),
        fc.nat(),
        fc.nat(5),
        fc.constantFrom<SamplingStrategy>('random', 'sequential', 'group_by_length'),
        (rows, seed, epoch, strategy) => {
          const lengths = Array.from({ length: rows }, (_, i) => (i * 7) % 13);
          const order = epochOrder(rows, { seed, epoch, strategy, lengths, batchSize: 4 });
          assert.deepEqual(
            [...order].sort((a, b) => a - b),
            [...Array(rows).keys()],
          );
        },
      ),
    );
  });

  it('is another order in each epoch and for each seed, and the same again', () => {
    const order = (seed: number, epoch: number) => [...epochOrder(100, { seed, epoch, strategy: 'random' })];
    assert.deepEqual(order(1, 2), order(1, 2));
    assert.notDeepEqual(order(1, 2), order(1, 3));
    assert.notDeepEqual(order(1, 2), order(2, 2));
  });

  it('keeps the order of the file where that is asked for', () => {
    assert.deepEqual([...epochOrder(4, { seed: 5, epoch: 3, strategy: 'sequential' })], [0, 1, 2, 3]);
  });

  it('puts each row everywhere equally often', () => {
    // Row 0's place over 4000 epochs: χ² of 10 places, 9 degrees of freedom; 0.999 quantile 27.9.
    const counts = new Array<number>(10).fill(0);
    for (let epoch = 0; epoch < 4000; epoch++)
      counts[epochOrder(10, { seed: 3, epoch, strategy: 'random' }).indexOf(0)]!++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 400) ** 2 / 400, 0);
    assert.ok(chiSquare < 27.9, `χ² = ${chiSquare}`);
  });
});

describe('groupByLength', () => {
  it('is transformers’ get_length_grouped_indices for the same permutation', () => {
    // transformers 5.18, batch size 4, with torch.randperm replaced by this permutation.
    const order = Int32Array.from({ length: 50 }, (_, i) => (i * 17 + 5) % 50);
    const lengths = Array.from({ length: 50 }, (_, i) => ((7 * i * i + 3 * i) % 13) + 1);
    const expected = [
      6, 40, 22, 24, 5, 41, 42, 8, 25, 23, 39, 7, 27, 45, 9, 11, 44, 28, 43, 29, 12, 10, 26, 46, 14, 32, 48,
      31, 15, 30, 16, 47, 49, 13, 33, 0, 1, 19, 35, 37, 18, 2, 17, 3, 4, 34, 36, 20, 21, 38,
    ];
    assert.deepEqual([...groupByLength(order, lengths, 4)], expected);
  });

  it('needs lengths and a batch size', () => {
    assert.throws(() => epochOrder(3, { seed: 0, epoch: 0, strategy: 'group_by_length' }), /lengths/);
  });
});
