import { NF4_BLOCK, NF4_VALUES } from '../graph/ops/quantized.ts';

/** A weight in 4 bits: two a byte, and a scale for each block of 64. */
export interface Nf4Weight {
  readonly packed: Uint8Array<ArrayBuffer>;
  readonly absmax: Float32Array<ArrayBuffer>;
}

/** Where one value of NF4 ends and the next begins: half way between them. Behind the last value nothing begins. */
const BOUNDS = Float32Array.from({ length: 16 }, (_, i) =>
  i < 15 ? (NF4_VALUES[i]! + NF4_VALUES[i + 1]!) / 2 : Infinity,
);
/** Of each of so many stretches between −1 and 1: the value of NF4 at its beginning. */
const STRETCHES = 1024;
const FIRST_VALUE = Uint8Array.from({ length: STRETCHES + 1 }, (_, i) => search((2 * i) / STRETCHES - 1));

/**
 * Quantises to 4-bit NormalFloat in blocks of 64, as bitsandbytes' `quantize_4bit(blocksize=64, quant_type="nf4")` does: each
 * block is divided by its largest size, and each weight becomes the nearest of sixteen values.
 * @param weight as many elements as a multiple of 64
 */
export function quantizeNf4(weight: Float32Array): Nf4Weight {
  const packed = new Uint8Array(weight.length / 2);
  const absmax = new Float32Array(weight.length / NF4_BLOCK);
  for (let block = 0; block < absmax.length; block++) {
    const first = block * NF4_BLOCK;
    let largest = 0;
    for (let i = first; i < first + NF4_BLOCK; i++) largest = Math.max(largest, Math.abs(weight[i]!));
    absmax[block] = largest;
    const scale = largest === 0 ? 0 : Math.fround(1 / largest);
    for (let i = first; i < first + NF4_BLOCK; i += 2)
      packed[i / 2] = (nearest(weight[i]! * scale) << 4) | nearest(weight[i + 1]! * scale);
  }
  return { packed, absmax };
}

/** The weight that its 4 bits stand for. */
export function dequantizeNf4({ packed, absmax }: Nf4Weight): Float32Array {
  return Float32Array.from({ length: 2 * packed.length }, (_, i) => {
    const byte = packed[i >> 1]!;
    return NF4_VALUES[i % 2 === 0 ? byte >> 4 : byte & 15]! * absmax[Math.floor(i / NF4_BLOCK)]!;
  });
}

/** A matrix the other way round: `[rows, columns]` → `[columns, rows]`. */
export function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = values[row * columns + column]!;
  return result;
}

/** The number of the value of NF4 that lies next to one between −1 and 1; 0 for what is no number. */
function nearest(value: number): number {
  const rounded = Math.fround(value);
  const stretch = Math.max(0, Math.min(STRETCHES, Math.floor(((rounded + 1) * STRETCHES) / 2)));
  let found = FIRST_VALUE[stretch] ?? 0;
  while (rounded > BOUNDS[found]!) found++;
  return found;
}

/** How many bounds lie below a value. */
function search(value: number): number {
  return BOUNDS.filter((bound) => value > bound).length;
}
