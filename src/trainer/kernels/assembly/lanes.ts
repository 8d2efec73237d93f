/** The upper two of four float32, as float64; `f64x2.promote_low_f32x4` gives the lower two. */
@inline
export function upperHalf(x: v128): v128 {
  return f64x2.promote_low_f32x4(i8x16.shuffle(x, x, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
}
