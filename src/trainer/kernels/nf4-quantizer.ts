import { NF4_BLOCK, NF4_VALUES } from '../graph/ops/quantized.ts';
import { NumericMemory, paddedBytes } from './kernels.ts';

/** A weight in 4 bits: two a byte, and a scale for each block of 64. */
export interface Nf4Weight {
  readonly packed: Uint8Array<ArrayBuffer>;
  readonly absmax: Float32Array<ArrayBuffer>;
}

/** Where one value of NF4 ends and the next begins: half way between them. */
const BOUNDS = NF4_VALUES.slice(1).map((value, i) => (NF4_VALUES[i]! + value) / 2);
/** Weights that are quantised in one go: 4 MB of them. */
const PART = 2 ** 20;

/**
 * Quantises to 4-bit NormalFloat in blocks of 64, as bitsandbytes' `quantize_4bit(blocksize=64, quant_type="nf4")` does: each
 * block is divided by its largest size, and each weight becomes the nearest of sixteen values. It holds 5 MB to work in.
 */
export class Nf4Quantizer {
  readonly #memory = new NumericMemory(
    paddedBytes(PART) + paddedBytes(PART / 8) + paddedBytes(PART / NF4_BLOCK) + paddedBytes(BOUNDS.length),
  );
  readonly #weights = this.#memory.allocate(PART);
  readonly #packed = this.#memory.allocate(PART / 8);
  readonly #absmax = this.#memory.allocate(PART / NF4_BLOCK);
  readonly #bounds = this.#memory.allocate(BOUNDS.length);

  constructor() {
    this.#bounds.data.set(BOUNDS);
  }

  /** @param weight as many elements as a multiple of 64 */
  quantize(weight: Float32Array): Nf4Weight {
    const packed = new Uint8Array(weight.length / 2);
    const absmax = new Float32Array(weight.length / NF4_BLOCK);
    const { buffer, byteOffset } = this.#packed.data;
    for (let first = 0; first < weight.length; first += PART) {
      const part = weight.subarray(first, first + PART);
      const blocks = part.length / NF4_BLOCK;
      this.#weights.data.set(part);
      this.#memory.kernels.quantizeNf4(
        this.#weights.pointer,
        blocks,
        this.#bounds.pointer,
        this.#packed.pointer,
        this.#absmax.pointer,
      );
      packed.set(new Uint8Array(buffer, byteOffset, part.length / 2), first / 2);
      absmax.set(this.#absmax.data.subarray(0, blocks), first / NF4_BLOCK);
    }
    return { packed, absmax };
  }
}
