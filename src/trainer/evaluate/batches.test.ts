import assert from 'node:assert/strict';
import fc from 'fast-check';
import { planBatches } from './batches.ts';

describe('planBatches', () => {
  it('takes the longest first, 32 at once, and equal ones in their order', () => {
    const lengths = Int32Array.from({ length: 70 }, (_, i) => 5 + (i % 3));
    const batches = planBatches(lengths);
    assert.deepEqual(
      batches.map((rows) => rows.length),
      [32, 32, 6],
    );
    assert.deepEqual([...batches[0]!.slice(0, 4)], [2, 5, 8, 11]);
  });

  it('takes fewer of long ones, and one at least', () => {
    assert.deepEqual(
      planBatches(Int32Array.from({ length: 20 }, () => 512)).map((rows) => rows.length),
      [16, 4],
    );
    assert.deepEqual(
      planBatches(Int32Array.of(100_000, 1)).map((rows) => [...rows]),
      [[0], [1]],
    );
    assert.deepEqual(planBatches(new Int32Array(0)), []);
  });

  it('has every row once, in batches that fit', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 300 }), (values) => {
        const lengths = Int32Array.from(values);
        const batches = planBatches(lengths);
        assert.deepEqual(
          batches.flatMap((rows) => [...rows]).sort((a, b) => a - b),
          [...lengths.keys()],
        );
        for (const rows of batches) {
          const longest = Math.max(...rows.map((row) => lengths[row]!));
          assert.ok(rows.length === 1 || (rows.length <= 32 && rows.length * longest <= 8192));
        }
      }),
    );
  });
});
