import { KERNELS_BASE64, SHARED_KERNELS_BASE64 } from './kernels.generated.ts';

/** What AdamW computes with besides the tensors; see `adamw` in `assembly/index.ts`. */
export type AdamWScalars = readonly [
  clip: number,
  decay: number,
  rest1: number,
  beta2: number,
  rest2: number,
  stepSize: number,
  rootCorrection: number,
  epsilon: number,
];

/** The functions of `assembly/index.ts`. Pointers are byte offsets into {@link NumericMemory}, counts are elements. */
export interface Kernels {
  sumOfSquares(x: number, count: number): number;
  addTo(x: number, y: number, count: number): void;
  scaleBy(x: number, count: number, factor: number): void;
  clear(x: number, count: number): void;
  addRows(table: number, ids: number, rows: number, count: number, width: number): void;
  adamw(p: number, g: number, m: number, v: number, count: number, ...scalars: AdamWScalars): void;
  adamwRows(
    p: number,
    g: number,
    m: number,
    v: number,
    used: number,
    rows: number,
    width: number,
    ...scalars: AdamWScalars
  ): void;
  meanSquares(
    g: number,
    rows: number,
    width: number,
    clip: number,
    rowMeans: number,
    columnSums: number,
  ): void;
  factoredSquares(
    g: number,
    rows: number,
    width: number,
    clip: number,
    rowFactors: number,
    columnFactors: number,
  ): number;
  factoredStep(
    p: number,
    g: number,
    rows: number,
    width: number,
    step: number,
    rowFactors: number,
    columnFactors: number,
  ): void;
  vectorSquares(g: number, v: number, count: number, clip: number, beta2: number, rest2: number): number;
  vectorStep(p: number, g: number, v: number, count: number, decay: number, step: number): void;
  quantizeNf4(weights: number, blocks: number, bounds: number, packed: number, absmax: number): void;
  dropoutMask(
    mask: number,
    first: number,
    count: number,
    key0: number,
    key1: number,
    rate: number,
    keep: number,
  ): void;
}

/** A float32 array that lies in WebAssembly memory, where both onnxruntime and the kernels reach it without a copy. */
export interface Buffer32 {
  readonly pointer: number;
  /** Elements asked for. */
  readonly length: number;
  /** Elements the kernels may touch: `length` rounded up, the rest zero. */
  readonly padded: number;
  readonly data: Float32Array<ArrayBuffer>;
}

const PAGE = 65_536;
const ALIGN = 64;
const MAX_BYTES = 4 * 1024 ** 3 - PAGE;
/** Bytes of buffers that one {@link NumericMemory} holds at most. */
export const LARGEST_MEMORY = MAX_BYTES - 2 * ALIGN;

/** Bytes that a buffer of so many float32 takes in {@link NumericMemory}. */
export function paddedBytes(elements: number): number {
  return Math.ceil((elements * 4) / ALIGN) * ALIGN;
}

/** A stretch of a buffer that begins at an element whose number is a multiple of 16. */
export function partOf(buffer: Buffer32, first: number, length: number): Buffer32 {
  const padded = paddedBytes(length) / 4;
  if (first + padded > buffer.padded) throw new RangeError('a part ends behind its buffer');
  const data = buffer.data.subarray(first, first + length);
  return { pointer: buffer.pointer + 4 * first, length, padded, data };
}

/** A memory and the module of kernels for it, as another thread needs them. */
export interface SharedMemory {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
}

/**
 * One WebAssembly memory of a fixed size with the kernels bound to it. Buffers live as long as
 * the memory: growing would detach the arrays that onnxruntime holds.
 */
export class NumericMemory {
  readonly kernels: Kernels;
  /** What threads need that call kernels on it too; undefined where it belongs to one thread. */
  readonly shared: SharedMemory | undefined;
  readonly #memory: WebAssembly.Memory;
  readonly #limit: number;
  #next = ALIGN;

  /**
   * @param shared whether threads may call kernels on it too, see {@link canShareTensors}
   * @throws RangeError when `bytes` is more than one WebAssembly memory can hold (4 GiB)
   */
  constructor(bytes: number, { shared = false } = {}) {
    this.#limit = bytes + 2 * ALIGN;
    if (this.#limit > MAX_BYTES) {
      throw new RangeError(
        `one memory holds at most 4 GiB, and ${(bytes / 1024 ** 3).toFixed(1)} GiB were asked for`,
      );
    }
    const pages = Math.ceil(this.#limit / PAGE);
    this.#memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
    const module = kernelModule(shared);
    const instance = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    // SAFETY: the module is compiled from assembly/index.ts, whose exports have these signatures.
    this.kernels = instance.exports as unknown as Kernels;
    this.shared = shared ? { module, memory: this.#memory } : undefined;
  }

  /** A new buffer of zeros. Throws when the memory is used up, which is a fault in the caller's sum. */
  allocate(length: number): Buffer32 {
    const pointer = this.#next;
    const bytes = paddedBytes(length);
    if (pointer + bytes > this.#limit) throw new RangeError('the numeric memory is used up');
    this.#next += bytes;
    // Of a shared memory it is a SharedArrayBuffer; whoever only reads and writes numbers need not know.
    const buffer = this.#memory.buffer;
    return { pointer, length, padded: bytes / 4, data: new Float32Array(buffer, pointer, length) };
  }

  /** Takes every buffer back: the next ones lie where the first ones lay, with what was written there. */
  clear(): void {
    this.#next = ALIGN;
  }
}

/**
 * Whether onnxruntime takes tensors that lie in a shared memory. Node-API gives native code the address of a SharedArrayBuffer from Node 22.21
 * and 24.9 on (nodejs/node#59071); before, it refuses.
 */
export function canShareTensors(version = process.versions.node): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 9) || (major === 22 && minor >= 21);
}

const compiled = new Map<boolean, WebAssembly.Module>();

function kernelModule(shared: boolean): WebAssembly.Module {
  const known = compiled.get(shared);
  if (known) return known;
  const code = Buffer.from(shared ? SHARED_KERNELS_BASE64 : KERNELS_BASE64, 'base64');
  const module = new WebAssembly.Module(code);
  compiled.set(shared, module);
  return module;
}
