/** The element types of safetensors, their sizes, and the way from and to 32-bit floats. Little-endian throughout. */

/** Bytes an element of each type that Tunebook reads takes in the file. */
export const DTYPE_BYTES = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;

/** An element type as a safetensors header writes it. */
export type Dtype = keyof typeof DTYPE_BYTES;

/** Whether `value` names an element type that Tunebook reads. */
export function isDtype(value: unknown): value is Dtype {
  return typeof value === 'string' && Object.hasOwn(DTYPE_BYTES, value);
}

/**
 * Converts the bytes of a tensor to 32-bit floats. F32 is not copied: the result lies over `bytes`. Integers become
 * the nearest float; booleans 0 and 1.
 * @param bytes exactly the tensor's bytes, starting at a multiple of 8 in its buffer
 */
export function toFloat32(bytes: Uint8Array<ArrayBuffer>, dtype: Dtype): Float32Array<ArrayBuffer> {
  const { buffer, byteOffset } = bytes;
  const length = bytes.byteLength / DTYPE_BYTES[dtype];
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer, byteOffset, length);
    case 'BF16':
      return bfloat16ToFloat32(new Uint16Array(buffer, byteOffset, length));
    case 'F16':
      return float16ToFloat32(new Uint16Array(buffer, byteOffset, length));
    case 'F64':
      return Float32Array.from(new Float64Array(buffer, byteOffset, length));
    case 'I64':
      return Float32Array.from(new BigInt64Array(buffer, byteOffset, length), Number);
    case 'U64':
      return Float32Array.from(new BigUint64Array(buffer, byteOffset, length), Number);
    case 'I32':
      return Float32Array.from(new Int32Array(buffer, byteOffset, length));
    case 'U32':
      return Float32Array.from(new Uint32Array(buffer, byteOffset, length));
    case 'I16':
      return Float32Array.from(new Int16Array(buffer, byteOffset, length));
    case 'U16':
      return Float32Array.from(new Uint16Array(buffer, byteOffset, length));
    case 'I8':
      return Float32Array.from(new Int8Array(buffer, byteOffset, length));
    case 'U8':
    case 'BOOL':
      return Float32Array.from(bytes);
  }
}

/** bfloat16 is the upper half of a float32, so widening is exact. */
export function bfloat16ToFloat32(source: Uint16Array): Float32Array<ArrayBuffer> {
  const bits = new Uint32Array(source.length);
  for (let i = 0; i < source.length; i++) bits[i] = source[i]! << 16;
  return new Float32Array(bits.buffer);
}

/**
 * Rounds to bfloat16, to nearest, ties to even, as PyTorch does; a NaN becomes the quiet NaN 0x7fc0.
 * @param target receives `source.length` values
 */
export function float32ToBfloat16(source: Float32Array, target: Uint16Array): void {
  const bits = new Uint32Array(source.buffer, source.byteOffset, source.length);
  for (let i = 0; i < bits.length; i++) {
    const value = bits[i]!;
    if ((value & 0x7fffffff) > 0x7f800000) target[i] = 0x7fc0;
    else target[i] = (value + 0x7fff + ((value >>> 16) & 1)) >>> 16;
  }
}

/**
 * Rounds to IEEE half precision, to nearest, ties to even, as PyTorch does: what is too large becomes infinite, what is too small a
 * subnormal number or zero; a NaN stays one.
 * @param target receives `source.length` values
 */
export function float32ToFloat16(source: Float32Array, target: Uint16Array): void {
  const bits = new Uint32Array(source.buffer, source.byteOffset, source.length);
  for (let i = 0; i < bits.length; i++) {
    const value = bits[i]!;
    const sign = (value >>> 16) & 0x8000;
    const size = value & 0x7fffffff;
    if (size >= 0x7f800000) target[i] = sign | (size > 0x7f800000 ? 0x7e00 : 0x7c00);
    else if (size < 0x38800000) {
      // Below 2^-14 numbers lie 2^-24 apart: the sum rounds to such a step, and its lowest bits count them.
      HALF.value[0] = Math.fround(Math.abs(source[i]!) + 0.5);
      target[i] = sign | (HALF.bits[0]! - 0x3f000000);
    } else target[i] = sign | Math.min((size - 0x38000000 + 0xfff + ((size >>> 13) & 1)) >>> 13, 0x7c00);
  }
}

const HALF = (() => {
  const value = new Float32Array(1);
  return { value, bits: new Uint32Array(value.buffer) };
})();

/** Widens IEEE half precision through a table of all 65,536 values, which is exact and faster than arithmetic. */
export function float16ToFloat32(source: Uint16Array): Float32Array<ArrayBuffer> {
  const table = (halfTable ??= makeHalfTable());
  const bits = new Uint32Array(source.length);
  for (let i = 0; i < source.length; i++) bits[i] = table[source[i]!]!;
  return new Float32Array(bits.buffer);
}

let halfTable: Uint32Array | undefined;

function makeHalfTable(): Uint32Array {
  const values = new Float32Array(65536);
  const bits = new Uint32Array(values.buffer);
  for (let half = 0; half < 65536; half++) {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 31) bits[half] = ((half & 0x8000) << 16) | 0x7f800000 | (fraction << 13);
    else if (exponent === 0) values[half] = sign * fraction * 2 ** -24;
    else values[half] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return bits;
}
