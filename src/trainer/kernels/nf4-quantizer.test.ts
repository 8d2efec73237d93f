import assert from 'node:assert/strict';
import { NF4_BLOCK, NF4_VALUES } from '../graph/ops/quantized.ts';
import { Nf4Quantizer } from './nf4-quantizer.ts';

describe('Nf4Quantizer', () => {
  const quantizer = new Nf4Quantizer();

  it('takes the nearest value, at and on both sides of every place where the next begins', () => {
    const places = NF4_VALUES.slice(1).map((value, i) => Math.fround((value + NF4_VALUES[i]!) / 2));
    const near = places.flatMap((place) => [place - 1e-6, place, place + 1e-6]).map(Math.fround);
    const even = Array.from({ length: 4001 }, (_, i) => Math.fround(i / 2000 - 1));
    for (const value of [...near, ...even, -0, 1e-30]) {
      const block = new Float32Array(NF4_BLOCK).fill(value);
      // Its largest size is 1, so nothing is scaled.
      block[0] = 1;
      const { packed, absmax } = quantizer.quantize(block);
      assert.deepEqual([...absmax], [1]);
      assert.equal(packed[0]! >> 4, 15);
      assert.equal(packed[1]! & 15, places.filter((place) => value > place).length, String(value));
    }
  });

  it('makes zeros of a block of zeros', () => {
    const { packed, absmax } = quantizer.quantize(new Float32Array(NF4_BLOCK));
    assert.deepEqual([...absmax], [0]);
    assert.ok(packed.every((byte) => byte === 0x77));
  });

  it('makes of more weights than it takes at once what it makes of them one block at a time', () => {
    const weights = Float32Array.from(
      { length: 2 ** 20 + 5 * NF4_BLOCK },
      (_, i) => Math.sin(i * i) * (1 + (i % 7)),
    );
    const { packed, absmax } = quantizer.quantize(weights);
    for (const block of [0, 1, 2 ** 14 - 1, 2 ** 14, 2 ** 14 + 4]) {
      const alone = quantizer.quantize(weights.slice(block * NF4_BLOCK, (block + 1) * NF4_BLOCK));
      assert.deepEqual(packed.slice((block * NF4_BLOCK) / 2, ((block + 1) * NF4_BLOCK) / 2), alone.packed);
      assert.deepEqual([absmax[block]], [...alone.absmax]);
    }
  });

  it('keeps to itself what a block with a weight that is no number does', () => {
    const weights = new Float32Array(2 * NF4_BLOCK).fill(1);
    weights[3] = NaN;
    const { packed, absmax } = quantizer.quantize(weights);
    assert.deepEqual([...absmax], [NaN, 1]);
    assert.ok(packed.subarray(NF4_BLOCK / 2).every((byte) => byte === 0xff));
  });
});
