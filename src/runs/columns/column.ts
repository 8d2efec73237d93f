import { BLOCK, type BlockStore, type StoredBlock } from './block-store.ts';
import { GrowingNumbers } from './growing-numbers.ts';

/** Values that come at equal distances (steps, a constant): they take no room. */
interface Line {
  first: number;
  stride: number;
}

type Block = Line | (StoredBlock & { first: number }) | { first: number; values: Float64Array };

/** A column as it is written down; the arrays are live and valid until the next change. */
export interface ColumnState {
  blocks: readonly (Line | (StoredBlock & { first: number }))[];
  tail: Float64Array;
}

/** A list of float64 of any length: full blocks lie in a {@link BlockStore}, only the last block is in memory. Reading may throw `BlockLost`. */
export class Column {
  readonly #store: BlockStore;
  readonly #blocks: Block[] = [];
  readonly #tail = new GrowingNumbers();

  constructor(store: BlockStore, state?: ColumnState) {
    this.#store = store;
    this.#blocks.push(...(state?.blocks ?? []));
    for (const value of state?.tail ?? []) this.#tail.push(value);
  }

  get length(): number {
    return this.#blocks.length * BLOCK + this.#tail.length;
  }

  /** Only of a column whose store persists. */
  get state(): ColumnState {
    const blocks = this.#blocks.flatMap((block) => ('values' in block ? [] : [block]));
    if (blocks.length < this.#blocks.length) throw new Error('This column lies in memory.');
    return { blocks, tail: this.#tail.view };
  }

  push(value: number): void {
    this.#tail.push(value);
    if (this.#tail.length < BLOCK) return;
    this.#blocks.push(this.#seal(this.#tail.view));
    this.#tail.truncate(0);
  }

  /** Keeps the first `length` values. */
  truncate(length: number): void {
    const kept = Math.floor(length / BLOCK);
    if (kept >= this.#blocks.length) return this.#tail.truncate(length - this.#blocks.length * BLOCK);
    const values = this.slice(kept * BLOCK, length);
    this.#blocks.length = kept;
    this.#tail.truncate(0);
    for (const value of values) this.#tail.push(value);
  }

  /** The value at an index; NaN beyond the end. */
  at(index: number): number {
    const block = this.#blocks[Math.floor(index / BLOCK)];
    if (!block) return this.#tail.at(index - this.#blocks.length * BLOCK);
    if ('stride' in block) return block.first + (index % BLOCK) * block.stride;
    return this.#values(block)[index % BLOCK] ?? NaN;
  }

  /**
   * A copy of the values from `start` to before `end`, `[end - start]`.
   * @param room memory for it, at least as long; new memory without it
   */
  slice(start: number, end: number, room?: Float64Array): Float64Array {
    const to = Math.min(end, this.length);
    const length = Math.max(0, to - start);
    const values = room?.subarray(0, length) ?? new Float64Array(length);
    for (let from = start; from < to;) {
      const at = Math.floor(from / BLOCK);
      const block = this.#blocks[at];
      const upTo = Math.min(to, block ? (at + 1) * BLOCK : to);
      const first = from - at * BLOCK;
      if (block && 'stride' in block)
        for (let i = 0; i < upTo - from; i++)
          values[from - start + i] = block.first + (first + i) * block.stride;
      else {
        const source = block ? this.#values(block) : this.#tail.view;
        values.set(source.subarray(first, upTo - at * BLOCK), from - start);
      }
      from = upTo;
    }
    return values;
  }

  /** The first index whose value is not below `value`, where values ascend; `length` when there is none. */
  lowerBound(value: number): number {
    let [low, high] = [0, this.#blocks.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#blocks[middle]?.first ?? Infinity) < value) low = middle + 1;
      else high = middle;
    }
    // `low` blocks begin below it, so it lies in the last of them or right behind; if that is the end of the blocks, in the tail too.
    if (low === this.#blocks.length && this.#tail.length > 0 && this.#tail.at(0) < value)
      return low * BLOCK + this.#tail.lowerBound(value);
    return low === 0 ? 0 : this.#boundIn(low - 1, value);
  }

  #boundIn(block: number, value: number): number {
    let [low, high] = [block * BLOCK, (block + 1) * BLOCK];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #seal(values: Float64Array): Block {
    const first = values[0] ?? NaN;
    const stride = (values[1] ?? NaN) - first;
    if (isLine(values, first, stride)) return { first, stride };
    const kept = this.#store.put(values);
    return kept instanceof Float64Array ? { first, values: kept } : { ...kept, first };
  }

  #values(block: Exclude<Block, Line>): Float64Array {
    return 'values' in block ? block.values : this.#store.get(block);
  }
}

function isLine(values: Float64Array, first: number, stride: number): boolean {
  for (let i = 0; i < values.length; i++) if (!Object.is(values[i], first + i * stride)) return false;
  return true;
}

/** A column in memory with the given values. */
export function columnOf(store: BlockStore, values: Iterable<number>): Column {
  const column = new Column(store);
  for (const value of values) column.push(value);
  return column;
}
