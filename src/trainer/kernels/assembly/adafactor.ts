// Adafactor (Shazeer & Stern 2018) as transformers.optimization.Adafactor computes it. Matrices are [rows, width] without padding
// between rows, so a row may end within a vector: the rest of it is computed one by one.

import { upperHalf } from './lanes';

/**
 * Squares of `clip · g` by row and by column: `rowMeans[r]` is the mean of row r (float32), and the sums of the columns are added to
 * `columnSums` (float64, so that the sum over many rows keeps its digits).
 */
export function meanSquares(g: usize, rows: usize, width: usize, clip: f32, rowMeans: usize, columnSums: usize): void {
  const clip4 = f32x4.splat(clip);
  for (let r: usize = 0; r < rows; r++, rowMeans += 4) {
    let sums = f64x2.splat(0);
    let c = columnSums;
    const end = g + (width << 2);
    const whole = g + ((width & ~3) << 2);
    for (; g < whole; g += 16, c += 32) {
      const x = f32x4.mul(v128.load(g), clip4);
      const s = f32x4.mul(x, x);
      const low = f64x2.promote_low_f32x4(s);
      const high = upperHalf(s);
      v128.store(c, f64x2.add(v128.load(c), low));
      v128.store(c + 16, f64x2.add(v128.load(c + 16), high));
      sums = f64x2.add(sums, f64x2.add(low, high));
    }
    let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
    for (; g < end; g += 4, c += 8) {
      const x = load<f32>(g) * clip;
      const s = <f64>(x * x);
      store<f64>(c, load<f64>(c) + s);
      sum += s;
    }
    store<f32>(rowMeans, <f32>(sum / <f64>width));
  }
}

/** Sum of squares of `clip · g · rowFactors ⊗ columnFactors`, in double precision. */
export function factoredSquares(
  g: usize,
  rows: usize,
  width: usize,
  clip: f32,
  rowFactors: usize,
  columnFactors: usize,
): f64 {
  let sums = f64x2.splat(0);
  let rest: f64 = 0;
  for (let r: usize = 0; r < rows; r++, rowFactors += 4) {
    const factor = load<f32>(rowFactors) * clip;
    const factor4 = f32x4.splat(factor);
    let c = columnFactors;
    const end = g + (width << 2);
    const whole = g + ((width & ~3) << 2);
    for (; g < whole; g += 16, c += 16) {
      const x = f32x4.mul(v128.load(g), f32x4.mul(factor4, v128.load(c)));
      const low = f64x2.promote_low_f32x4(x);
      const high = upperHalf(x);
      sums = f64x2.add(sums, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
    }
    for (; g < end; g += 4, c += 4) {
      const x = <f64>(load<f32>(g) * (factor * load<f32>(c)));
      rest += x * x;
    }
  }
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1) + rest;
}

/** `p −= step · g · rowFactors ⊗ columnFactors`; `step` has the clip factor in it. */
export function factoredStep(
  p: usize,
  g: usize,
  rows: usize,
  width: usize,
  step: f32,
  rowFactors: usize,
  columnFactors: usize,
): void {
  for (let r: usize = 0; r < rows; r++, rowFactors += 4) {
    const factor = load<f32>(rowFactors) * step;
    const factor4 = f32x4.splat(factor);
    let c = columnFactors;
    const end = g + (width << 2);
    const whole = g + ((width & ~3) << 2);
    for (; g < whole; p += 16, g += 16, c += 16)
      v128.store(p, f32x4.sub(v128.load(p), f32x4.mul(v128.load(g), f32x4.mul(factor4, v128.load(c)))));
    for (; g < end; p += 4, g += 4, c += 4)
      store<f32>(p, load<f32>(p) - load<f32>(g) * (factor * load<f32>(c)));
  }
}

/**
 * For vectors, whose second moments are kept whole: `v = beta2 · v + rest2 · ((clip · g)² + 1e-30)`. Returns the sum of squares of
 * `clip · g / √v`. `count` is a multiple of 4; the padding has gradients of zero.
 */
export function vectorSquares(g: usize, v: usize, count: usize, clip: f32, beta2: f32, rest2: f32): f64 {
  const clip4 = f32x4.splat(clip);
  const beta2_4 = f32x4.splat(beta2);
  const rest2_4 = f32x4.splat(rest2);
  const tiny = f32x4.splat(1e-30);
  let sums = f64x2.splat(0);
  const end = g + (count << 2);
  for (; g < end; g += 16, v += 16) {
    const x = f32x4.mul(v128.load(g), clip4);
    const squares = f32x4.add(f32x4.mul(x, x), tiny);
    const v4 = f32x4.add(f32x4.mul(v128.load(v), beta2_4), f32x4.mul(rest2_4, squares));
    v128.store(v, v4);
    const u = f32x4.div(x, f32x4.sqrt(v4));
    const low = f64x2.promote_low_f32x4(u);
    const high = upperHalf(u);
    sums = f64x2.add(sums, f64x2.add(f64x2.mul(low, low), f64x2.mul(high, high)));
  }
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

/** `p = p · decay − step · g / √v`; `step` has the clip factor in it. `count` is a multiple of 4. */
export function vectorStep(p: usize, g: usize, v: usize, count: usize, decay: f32, step: f32): void {
  const decay4 = f32x4.splat(decay);
  const step4 = f32x4.splat(step);
  const end = g + (count << 2);
  for (; g < end; p += 16, g += 16, v += 16) {
    const update = f32x4.mul(step4, f32x4.div(v128.load(g), f32x4.sqrt(v128.load(v))));
    v128.store(p, f32x4.sub(f32x4.mul(v128.load(p), decay4), update));
  }
}
