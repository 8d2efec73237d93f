import assert from 'node:assert/strict';
import { probabilityOf } from './answer-examples.ts';
import { assertClose } from './testing/fixture.ts';

describe('probabilityOf', () => {
  it('is the softmax of the logits', () => {
    const logits = Float32Array.of(1, 2, 3);
    const sum = Math.exp(1) + Math.exp(2) + Math.exp(3);
    for (const output of [0, 1, 2])
      assertClose(probabilityOf(logits, output), Math.exp(output + 1) / sum, 1e-15);
  });

  it('neither overflows nor underflows', () => {
    assert.equal(probabilityOf(Float32Array.of(1e30, -1e30), 0), 1);
    assert.equal(probabilityOf(Float32Array.of(-1e30, -1e30), 1), 0.5);
    assert.equal(probabilityOf(Float32Array.of(7), 0), 1);
  });
});
