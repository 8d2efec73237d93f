// 4-bit NormalFloat (Dettmers et al. 2023), packed as bitsandbytes packs it.

/** Bytes of a block of 64 weights, and of the sixteen that are compared at once. */
const BLOCK: usize = 256;
const PART: usize = 64;

/**
 * Quantises blocks of 64 weights: `absmax[b]` becomes the largest size in block b, and each weight over that the number of the `bounds`, 15 float32 in
 * rising order, that lie below it. Two numbers a byte, the first in the upper half. What is no number becomes 0.
 */
export function quantizeNf4(weights: usize, blocks: usize, bounds: usize, packed: usize, absmax: usize): void {
  const endOfBounds = bounds + 60;
  for (const end = weights + blocks * BLOCK; weights < end; absmax += 4) {
    const endOfBlock = weights + BLOCK;
    const largest = largestSize(weights, endOfBlock);
    store<f32>(absmax, largest);
    const scale = f32x4.splat(largest == 0 ? 0 : 1 / largest);
    for (; weights < endOfBlock; weights += PART, packed += 8) {
      const a = f32x4.mul(v128.load(weights), scale);
      const b = f32x4.mul(v128.load(weights + 16), scale);
      const c = f32x4.mul(v128.load(weights + 32), scale);
      const d = f32x4.mul(v128.load(weights + 48), scale);
      let na = i32x4.splat(0);
      let nb = na;
      let nc = na;
      let nd = na;
      for (let at = bounds; at < endOfBounds; at += 4) {
        const bound = v128.load32_splat(at);
        // A comparison that holds is −1.
        na = i32x4.sub(na, f32x4.gt(a, bound));
        nb = i32x4.sub(nb, f32x4.gt(b, bound));
        nc = i32x4.sub(nc, f32x4.gt(c, bound));
        nd = i32x4.sub(nd, f32x4.gt(d, bound));
      }
      const bytes = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(na, nb), i16x8.narrow_i32x4_s(nc, nd));
      // The first of two bytes is the lower half of their 16 bits.
      const pairs = v128.and(v128.or(i16x8.shl(bytes, 4), i16x8.shr_u(bytes, 8)), i16x8.splat(255));
      v128.store64_lane(packed, i8x16.narrow_i16x8_u(pairs, pairs), 0);
    }
  }
}

function largestSize(from: usize, to: usize): f32 {
  let largest = f32x4.splat(0);
  for (; from < to; from += 16) largest = f32x4.max(largest, f32x4.abs(v128.load(from)));
  return max(
    max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1)),
    max(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3)),
  );
}
