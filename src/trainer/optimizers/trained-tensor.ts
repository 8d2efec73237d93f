import type { Optimizer } from '../../language/schema/optimizers.ts';
import { paddedBytes, type Buffer32, type NumericMemory } from '../kernels/kernels.ts';
import { elementCount, type Parameter } from '../models/parameter.ts';
import { optimizerState } from './optimizer-state.ts';

/**
 * A trained parameter in numeric memory: its values, its gradient and what the optimizer keeps of it. `table` is true for
 * an embedding whose gradient comes as rows: then it is known which rows were ever used, and which in this step.
 */
export class TrainedTensor {
  readonly parameter: Parameter;
  /** Where all of it lies. */
  readonly memory: NumericMemory;
  readonly values: Buffer32;
  readonly gradient: Buffer32;
  readonly state: ReadonlyMap<string, Buffer32>;
  /** Rows ever used, and rows used in this step; only for tables. */
  readonly #seen: Uint8Array | undefined;
  readonly #touched: Set<number> = new Set();
  readonly #width: number;

  constructor(memory: NumericMemory, parameter: Parameter, optimizer: Optimizer, table: boolean) {
    const size = elementCount(parameter.shape);
    this.memory = memory;
    this.parameter = parameter;
    this.values = memory.allocate(size);
    this.gradient = memory.allocate(size);
    this.state = new Map(
      optimizerState(optimizer, parameter).map(({ name, shape }) => [
        name,
        memory.allocate(elementCount(shape)),
      ]),
    );
    this.#width = parameter.shape[1] ?? 1;
    this.#seen = table ? new Uint8Array(parameter.shape[0] ?? 0) : undefined;
  }

  /** Bytes of numeric memory that a parameter takes: values, gradient and what the optimizer keeps. */
  static bytes(parameter: Parameter, optimizer: Optimizer): number {
    const state = optimizerState(optimizer, parameter).map(({ shape }) => paddedBytes(elementCount(shape)));
    return state.reduce((a, b) => a + b, 2 * paddedBytes(elementCount(parameter.shape)));
  }

  /** One of the tensors that the optimizer keeps. Throws where it keeps none of that name, which is a fault in the caller. */
  stateOf(name: string): Buffer32 {
    const buffer = this.state.get(name);
    if (!buffer) throw new Error(`the optimizer keeps no ${name} of ${this.parameter.name}`);
    return buffer;
  }

  /** The rows that have a gradient in this step; undefined where all have. */
  get touchedRows(): ReadonlySet<number> | undefined {
    return this.#seen && this.#touched;
  }

  /** Adds rows to the gradient: row `i` of `rows` to row `ids[i]`. */
  addRows(ids: Int32Array, idsAt: number, rowsAt: number): void {
    this.memory.kernels.addRows(this.gradient.pointer, idsAt, rowsAt, ids.length, this.#width);
    if (!this.#seen) return;
    for (const id of ids) this.#touched.add(id);
  }

  /** Sum of squares of the gradient. */
  gradientSquares(): number {
    const { kernels } = this.memory;
    if (!this.#seen) return kernels.sumOfSquares(this.gradient.pointer, this.gradient.padded);
    let sum = 0;
    for (const row of this.#touched)
      sum += kernels.sumOfSquares(this.gradient.pointer + 4 * row * this.#width, this.#width);
    return sum;
  }

  /**
   * Calls back for each run of rows that were all used at some time, this step included, or all never: kernels are called per stretch, not
   * per row. Where it is not known, everything is one used stretch.
   * @param visit told the first element and the number of elements
   */
  forEachStretch(visit: (offset: number, count: number, seen: boolean) => void): void {
    const seen = this.#seen;
    if (!seen) {
      visit(0, this.values.padded, true);
      return;
    }
    for (const row of this.#touched) seen[row] = 1;
    let first = 0;
    for (let row = 1; row <= seen.length; row++) {
      if (row < seen.length && seen[row] === seen[first]) continue;
      visit(first * this.#width, (row - first) * this.#width, seen[first] === 1);
      first = row;
    }
  }

  /** Clears the gradient of the rows that were used, where it comes as rows: others are written anew with each batch. */
  forgetRows(): void {
    for (const row of this.#touched) this.gradient.data.fill(0, row * this.#width, (row + 1) * this.#width);
    this.#touched.clear();
  }

  /** Puts values and the optimizer's state back, and finds out again which rows have moments. */
  restore(value: Float32Array, state: ReadonlyMap<string, Float32Array>): void {
    this.values.data.set(value);
    for (const [name, buffer] of this.state) {
      const saved = state.get(name);
      if (!saved) throw new Error(`the state of ${this.parameter.name} has no ${name}`);
      buffer.data.set(saved);
    }
    const moments = [...this.state.values()].filter(({ length }) => length === this.values.length);
    if (!this.#seen) return;
    for (let row = 0; row < this.#seen.length; row++) {
      const [from, to] = [row * this.#width, (row + 1) * this.#width];
      const used = moments.some(({ data }) => data.subarray(from, to).some((x) => x !== 0));
      this.#seen[row] = used ? 1 : 0;
    }
  }
}
