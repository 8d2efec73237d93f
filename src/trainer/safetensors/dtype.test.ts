import assert from 'node:assert/strict';
import { float16ToFloat32, float32ToFloat16 } from './dtype.ts';

function halvesOf(...values: number[]): number[] {
  const halves = new Uint16Array(values.length);
  float32ToFloat16(Float32Array.from(values), halves);
  return [...halves];
}

describe('half precision', () => {
  const every = Uint16Array.from({ length: 65536 }, (_, half) => half);
  const isNaNHalf = (half: number) => (half & 0x7fff) > 0x7c00;

  it('gives every half back that was widened', () => {
    const back = new Uint16Array(65536);
    float32ToFloat16(float16ToFloat32(every), back);
    for (const half of every)
      if (isNaNHalf(half)) assert.ok(isNaNHalf(back[half]!));
      else assert.equal(back[half], half);
  });

  it('rounds what lies between two to the nearer one, and from the middle to the even one', () => {
    const sizes = float16ToFloat32(every.subarray(0, 0x7c00));
    for (let half = 0; half + 1 < 0x7c00; half++) {
      const middle = (sizes[half]! + sizes[half + 1]!) / 2;
      const even = half % 2 === 0 ? half : half + 1;
      const found = halvesOf(middle, -middle, middle * (1 - 2 ** -22), middle * (1 + 2 ** -22));
      assert.deepEqual(found, [even, even | 0x8000, half, half + 1], `half ${half}`);
    }
  });

  it('is infinite beyond the largest, as torch.float16 is', () => {
    // torch.tensor([65519.0, 65520.0, -1e9, 1e-9, nan]).half()
    assert.deepEqual(halvesOf(65519, 65520, -1e9, 1e-9, NaN), [0x7bff, 0x7c00, 0xfc00, 0, 0x7e00]);
  });
});
