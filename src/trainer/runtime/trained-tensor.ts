import type { Parameter } from '../models/parameter.ts';
import { elementCount, isDecayed } from '../models/parameter.ts';
import { paddedBytes, type Buffer32, type NumericMemory } from '../kernels/kernels.ts';
import type { StepSettings } from './engine.ts';

/** What every parameter of a step has in common: clip factor and bias corrections, computed once. */
export interface UpdateFactors extends StepSettings {
  readonly clip: number;
  /** lr / (1 − β1^t). */
  readonly stepSize: number;
  /** √(1 − β2^t). */
  readonly rootCorrection: number;
}

/**
 * A trained parameter in numeric memory: its values, gradient and moments, and how it is updated. `table` is true for
 * an embedding whose gradient comes as rows: then only rows that were ever used have moments, and only they are
 * updated; the others are known to have none, and only decay.
 */
export class TrainedTensor {
  readonly parameter: Parameter;
  readonly values: Buffer32;
  readonly gradient: Buffer32;
  readonly expAvg: Buffer32;
  readonly expAvgSq: Buffer32;
  readonly #memory: NumericMemory;
  /** Rows ever used, and rows used in this step; only for tables. */
  readonly #seen: Uint8Array | undefined;
  readonly #touched: Set<number> = new Set();
  readonly #width: number;

  constructor(memory: NumericMemory, parameter: Parameter, table: boolean) {
    const size = elementCount(parameter.shape);
    this.#memory = memory;
    this.parameter = parameter;
    this.values = memory.allocate(size);
    this.gradient = memory.allocate(size);
    this.expAvg = memory.allocate(size);
    this.expAvgSq = memory.allocate(size);
    this.#width = parameter.shape[1] ?? 1;
    this.#seen = table ? new Uint8Array(parameter.shape[0] ?? 0) : undefined;
  }

  /** Bytes of numeric memory that a parameter of so many elements takes. */
  static bytes(elements: number): number {
    return 4 * paddedBytes(elements);
  }

  /** Adds rows to the gradient: row `i` of `rows` to row `ids[i]`. */
  addRows(ids: Int32Array, idsAt: number, rowsAt: number): void {
    this.#memory.kernels.addRows(this.gradient.pointer, idsAt, rowsAt, ids.length, this.#width);
    if (this.#seen) for (const id of ids) this.#touched.add(id);
  }

  /** Sum of squares of the gradient. */
  gradientSquares(): number {
    const { kernels } = this.#memory;
    if (!this.#seen) return kernels.sumOfSquares(this.gradient.pointer, this.gradient.padded);
    let sum = 0;
    for (const row of this.#touched)
      sum += kernels.sumOfSquares(this.#rowAt(this.gradient, row), this.#width);
    return sum;
  }

  /** Applies AdamW and, for a table, clears the gradient of the rows that were used. */
  update(factors: UpdateFactors): void {
    const decay = isDecayed(this.parameter) ? 1 - factors.learningRate * factors.weightDecay : 1;
    if (!this.#seen) {
      this.#adamw(0, this.values.padded, decay, factors);
      return;
    }
    for (const row of this.#touched) this.#seen[row] = 1;
    this.#forEachStretch(this.#seen, (first, count, seen) => {
      const size = count * this.#width;
      const offset = first * this.#width;
      if (seen) this.#adamw(offset, size, decay, factors);
      else if (decay !== 1) this.#memory.kernels.scaleBy(this.values.pointer + 4 * offset, size, decay);
    });
    this.forgetRows();
  }

  /** Clears the gradient of the rows that were used, where it comes as rows: others are written anew with each batch. */
  forgetRows(): void {
    for (const row of this.#touched) this.gradient.data.fill(0, row * this.#width, (row + 1) * this.#width);
    this.#touched.clear();
  }

  /** Finds out again which rows have moments, after the moments were read from a checkpoint. */
  findSeenRows(): void {
    if (!this.#seen) return;
    for (let row = 0; row < this.#seen.length; row++) {
      const [from, to] = [row * this.#width, (row + 1) * this.#width];
      const used = (x: Buffer32) => x.data.subarray(from, to).some((value) => value !== 0);
      this.#seen[row] = used(this.expAvgSq) || used(this.expAvg) ? 1 : 0;
    }
  }

  #adamw(offset: number, count: number, decay: number, f: UpdateFactors): void {
    const at = 4 * offset;
    this.#memory.kernels.adamw(
      this.values.pointer + at,
      this.gradient.pointer + at,
      this.expAvg.pointer + at,
      this.expAvgSq.pointer + at,
      count,
      f.clip,
      decay,
      1 - f.beta1,
      f.beta2,
      1 - f.beta2,
      f.stepSize,
      f.rootCorrection,
      f.epsilon,
    );
  }

  #rowAt(buffer: Buffer32, row: number): number {
    return buffer.pointer + 4 * row * this.#width;
  }

  /** Calls back for each run of equal entries: kernels are called per stretch, not per row. */
  #forEachStretch(seen: Uint8Array, visit: (first: number, count: number, seen: boolean) => void): void {
    let first = 0;
    for (let row = 1; row <= seen.length; row++) {
      if (row < seen.length && seen[row] === seen[first]) continue;
      visit(first, row - first, seen[first] === 1);
      first = row;
    }
  }
}
