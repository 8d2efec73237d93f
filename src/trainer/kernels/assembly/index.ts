// AssemblyScript, compiled to WebAssembly SIMD by esbuild.mjs. Every pointer is a byte offset into the imported memory,
// aligned to 16; every count is in float32 elements and a multiple of 4 (buffers are padded with zeros).

import { upperHalf } from './lanes';

export * from './adafactor';
export * from './nf4';

/** Sum of squares, in double precision so that the order of a large norm's terms does not matter at 1e-7. */
export function sumOfSquares(x: usize, count: usize): f64 {
  // Four sums, because an addition waits four cycles for the one before it.
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  const end = x + (count << 2);
  for (; x + 16 < end; x += 32) {
    const v = v128.load(x);
    const w = v128.load(x + 16);
    a = addSquares(a, f64x2.promote_low_f32x4(v));
    b = addSquares(b, upperHalf(v));
    c = addSquares(c, f64x2.promote_low_f32x4(w));
    d = addSquares(d, upperHalf(w));
  }
  if (x < end) {
    const v = v128.load(x);
    a = addSquares(a, f64x2.promote_low_f32x4(v));
    b = addSquares(b, upperHalf(v));
  }
  const s = f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}

@inline
function addSquares(sum: v128, x: v128): v128 {
  return f64x2.add(sum, f64x2.mul(x, x));
}

/** `x += y`. */
export function addTo(x: usize, y: usize, count: usize): void {
  const end = x + (count << 2);
  for (; x < end; x += 16, y += 16) v128.store(x, f32x4.add(v128.load(x), v128.load(y)));
}

/** `x *= factor`. */
export function scaleBy(x: usize, count: usize, factor: f32): void {
  const f = f32x4.splat(factor);
  const end = x + (count << 2);
  for (; x < end; x += 16) v128.store(x, f32x4.mul(v128.load(x), f));
}

/** `x = 0`. */
export function clear(x: usize, count: usize): void {
  memory.fill(x, 0, count << 2);
}

/** Adds row `i` of `rows` to row `ids[i]` of `table`, in order; `width` is a multiple of 4. */
export function addRows(table: usize, ids: usize, rows: usize, count: usize, width: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const id = <usize>load<i32>(ids + (i << 2));
    addTo(table + ((id * width) << 2), rows + ((i * width) << 2), width);
  }
}

/**
 * One AdamW step in place (Loshchilov & Hutter 2019, as torch.optim.AdamW computes it). `decay` is 1 − lr · weight_decay,
 * `stepSize` is lr / (1 − β1^t), `rootCorrection` is √(1 − β2^t), and gradients are first multiplied by `clip`.
 * `rest1` and `rest2` are 1 − β1 and 1 − β2, subtracted in double precision: in single precision 1 − 0.999 is off by 5e-5.
 * Moments below 1e-30 become zero: rows that no batch touches would otherwise decay into denormal numbers, which are
 * computed 20 to 35 times slower.
 */
export function adamw(
  p: usize,
  g: usize,
  m: usize,
  v: usize,
  count: usize,
  clip: f32,
  decay: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  stepSize: f32,
  rootCorrection: f32,
  epsilon: f32,
): void {
  const clip4 = f32x4.splat(clip);
  const decay4 = f32x4.splat(decay);
  const rest1_4 = f32x4.splat(rest1);
  const beta2_4 = f32x4.splat(beta2);
  const rest2_4 = f32x4.splat(rest2);
  const step4 = f32x4.splat(stepSize);
  const root4 = f32x4.splat(rootCorrection);
  const eps4 = f32x4.splat(epsilon);
  const tiny = f32x4.splat(1e-30);
  const end = p + (count << 2);
  for (; p < end; p += 16, g += 16, m += 16, v += 16) {
    const grad = f32x4.mul(v128.load(g), clip4);
    let m4 = v128.load(m);
    m4 = f32x4.add(m4, f32x4.mul(rest1_4, f32x4.sub(grad, m4)));
    m4 = v128.and(m4, f32x4.ge(f32x4.abs(m4), tiny));
    let v4 = f32x4.add(f32x4.mul(v128.load(v), beta2_4), f32x4.mul(rest2_4, f32x4.mul(grad, grad)));
    v4 = v128.and(v4, f32x4.ge(v4, tiny));
    v128.store(m, m4);
    v128.store(v, v4);
    const denominator = f32x4.add(f32x4.div(f32x4.sqrt(v4), root4), eps4);
    const decayed = f32x4.mul(v128.load(p), decay4);
    v128.store(p, f32x4.sub(decayed, f32x4.div(f32x4.mul(step4, m4), denominator)));
  }
}

/**
 * {@link adamw} of the rows of a table that have moments, by the bytes of `used`; the others only decay. `width` is a multiple of 4.
 */
export function adamwRows(
  p: usize,
  g: usize,
  m: usize,
  v: usize,
  used: usize,
  rows: usize,
  width: usize,
  clip: f32,
  decay: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  stepSize: f32,
  rootCorrection: f32,
  epsilon: f32,
): void {
  const bytes = width << 2;
  const end = used + rows;
  for (; used < end; used++, p += bytes, g += bytes, m += bytes, v += bytes) {
    if (load<u8>(used)) adamw(p, g, m, v, width, clip, decay, rest1, beta2, rest2, stepSize, rootCorrection, epsilon);
    else if (decay != 1) scaleBy(p, width, decay);
  }
}

/** A 32-bit mixing function with low bias (https://nullprogram.com/blog/2018/07/31/), on four lanes. */
@inline
function mix(x: v128): v128 {
  x = v128.xor(x, i32x4.shr_u(x, 16));
  x = i32x4.mul(x, i32x4.splat(0x7feb352d));
  x = v128.xor(x, i32x4.shr_u(x, 15));
  x = i32x4.mul(x, i32x4.splat(0x846ca68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

/**
 * Elements `first` to `first + count` of a dropout mask: element `i` is 0 where a hash of (`key`, i) falls below `rate`, else `keep` =
 * 1 / (1 − rate). `key` stands for the seed, the step and the place in the model, so a mask can be made again at any time.
 */
export function dropoutMask(mask: usize, first: i32, count: usize, key0: i32, key1: i32, rate: f64, keep: f32): void {
  // Compared as signed numbers: subtract 2^31 from both sides.
  const threshold = i32x4.splat(<i32>(<i64>(rate * 4294967296.0) - 2147483648));
  const flip = i32x4.splat(-2147483648);
  const keep4 = f32x4.splat(keep);
  const a = i32x4.splat(key0);
  const b = i32x4.splat(key1);
  const four = i32x4.splat(4);
  let counter = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3));
  const end = mask + (count << 2);
  for (; mask < end; mask += 16) {
    const hash = mix(v128.xor(mix(v128.xor(counter, a)), b));
    v128.store(mask, v128.and(keep4, i32x4.ge_s(v128.xor(hash, flip), threshold)));
    counter = i32x4.add(counter, four);
  }
}
