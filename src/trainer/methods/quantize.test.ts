import assert from 'node:assert/strict';
import { NF4_BLOCK, NF4_VALUES } from '../graph/ops/quantized.ts';
import { quantizeNf4 } from './quantize.ts';

describe('quantizeNf4', () => {
  it('takes the nearest value, at and on both sides of every place where the next begins', () => {
    const places = NF4_VALUES.slice(1).map((value, i) => Math.fround((value + NF4_VALUES[i]!) / 2));
    const near = places.flatMap((place) => [place - 1e-6, place, place + 1e-6]).map(Math.fround);
    const even = Array.from({ length: 4001 }, (_, i) => Math.fround(i / 2000 - 1));
    for (const value of [...near, ...even, -0, 1e-30]) {
      const block = new Float32Array(NF4_BLOCK).fill(value);
      // Its largest size is 1, so nothing is scaled.
      block[0] = 1;
      const { packed, absmax } = quantizeNf4(block);
      assert.deepEqual([...absmax], [1]);
      assert.equal(packed[0]! >> 4, 15);
      assert.equal(packed[1]! & 15, places.filter((place) => value > place).length, String(value));
    }
  });

  it('makes zeros of a block of zeros', () => {
    const { packed, absmax } = quantizeNf4(new Float32Array(NF4_BLOCK));
    assert.deepEqual([...absmax], [0]);
    assert.ok(packed.every((byte) => byte === 0x77));
  });
});
