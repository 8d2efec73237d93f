import assert from 'node:assert/strict';
import { readTensors } from '../../../src/trainer/safetensors/read.ts';

/** Asserts that two safetensors files hold the same tensors, bit for bit. */
export function assertSameBits(one: string, other: string): void {
  const [a, b] = [readTensors(one), readTensors(other)];
  assert.deepEqual([...a.keys()], [...b.keys()]);
  assert.ok(a.size > 0, `${one} holds no tensors`);
  for (const [name, { data }] of a) {
    const bits = (values: Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    assert.ok(bits(data).equals(bits(b.get(name)!.data)), `${name} differs`);
  }
}
