import type { Optimizer } from '../../language/schema/optimizers.ts';
import { inParts, type KernelCall } from '../kernels/kernel-threads.ts';
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
  /** A byte for each row that was ever used, this step included; only for tables. */
  readonly #used: Uint8Array | undefined;
  /** Rows used in this step. */
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
    if (!table) return;
    const rows = parameter.shape[0] ?? 0;
    const { data, pointer } = memory.allocate(Math.ceil(rows / 4));
    this.#used = new Uint8Array(data.buffer, pointer, rows);
  }

  /** Bytes of numeric memory that a parameter takes: values, gradient, what the optimizer keeps, and a byte for each row of a table. */
  static bytes(parameter: Parameter, optimizer: Optimizer, table: boolean): number {
    const state = optimizerState(optimizer, parameter).map(({ shape }) => paddedBytes(elementCount(shape)));
    const rows = table ? paddedBytes(Math.ceil((parameter.shape[0] ?? 0) / 4)) : 0;
    return state.reduce((a, b) => a + b, 2 * paddedBytes(elementCount(parameter.shape)) + rows);
  }

  /** One of the tensors that the optimizer keeps. Throws where it keeps none of that name, which is a fault in the caller. */
  stateOf(name: string): Buffer32 {
    const buffer = this.state.get(name);
    if (!buffer) throw new Error(`the optimizer keeps no ${name} of ${this.parameter.name}`);
    return buffer;
  }

  /** The rows that have a gradient in this step; undefined where all have. */
  get touchedRows(): ReadonlySet<number> | undefined {
    return this.#used && this.#touched;
  }

  /** Where the bytes lie that tell which rows of a table were ever used; undefined where all are. */
  get usedRows(): { readonly at: number; readonly width: number } | undefined {
    return this.#used && { at: this.#used.byteOffset, width: this.#width };
  }

  /** Adds rows to the gradient: row `i` of `rows` to row `ids[i]`. */
  addRows(ids: Int32Array, idsAt: number, rowsAt: number): void {
    this.memory.kernels.addRows(this.gradient.pointer, idsAt, rowsAt, ids.length, this.#width);
    if (!this.#used) return;
    for (const id of ids) {
      this.#touched.add(id);
      this.#used[id] = 1;
    }
  }

  /** Calls whose results add up to the sum of squares of the gradient. */
  squaresOfGradient(): KernelCall[] {
    const squares = (first: number, count: number): KernelCall => ({
      memory: this.memory,
      kernel: 'sumOfSquares',
      args: [this.gradient.pointer + 4 * first, count],
    });
    if (!this.#used) return inParts(this.gradient.padded, squares);
    return [...this.#touched].map((row) => squares(row * this.#width, this.#width));
  }

  /** Clears the gradient of the rows that were used, where it comes as rows: others are written anew with each batch. */
  forgetRows(): void {
    for (const row of this.#touched)
      this.memory.kernels.clear(this.gradient.pointer + 4 * row * this.#width, this.#width);
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
    if (!this.#used) return;
    for (let row = 0; row < this.#used.length; row++) {
      const [from, to] = [row * this.#width, (row + 1) * this.#width];
      const used = moments.some(({ data }) => data.subarray(from, to).some((x) => x !== 0));
      this.#used[row] = used ? 1 : 0;
    }
  }
}
