import { Tensor } from 'onnxruntime-node';
import type { KeyValueCache } from '../models/key-value-cache.ts';

/** Tokens for which there is memory at first. */
const FIRST = 64;

/** Keys or values of one layer for all slots. */
interface Store {
  /** Name of the graph's input of what is kept, and of its output of what is new. */
  readonly past: string;
  readonly fresh: string;
  readonly heads: number;
  readonly head: number;
  /** `[slots, heads, room, head]`. */
  data: Float32Array<ArrayBuffer>;
}

/** New tokens of the slots from `slot` on. */
export interface NewTokens {
  readonly slot: number;
  /** How many tokens each slot holds before them. */
  readonly lengths: readonly number[];
  /** The new ones of each. */
  readonly fresh: readonly (readonly number[])[];
}

/** Keys and values of what a model has read, for several sequences (slots). Its memory grows with the longest of them. */
export class KeyValueMemory {
  readonly #slots: number;
  readonly #stores: readonly Store[];
  /** Names of the inputs that say which tokens are seen, by sliding window. */
  readonly #biases: ReadonlyMap<number | undefined, string>;
  /** Tokens for which there is memory in every slot. */
  #room = 0;

  constructor(slots: number, { layers, biases }: Pick<KeyValueCache, 'layers' | 'biases'>) {
    this.#slots = slots;
    this.#biases = biases;
    this.#stores = layers.flatMap(({ heads, head }, layer) =>
      ['key', 'value'].map((part) => {
        const [past, fresh] = [`past_${part}_${layer}`, `new_${part}_${layer}`];
        return { past, fresh, heads, head, data: new Float32Array() };
      }),
    );
  }

  /**
   * Makes room for `tokens` in every slot.
   * @param capacity tokens that a slot may have at most
   */
  grow(tokens: number, capacity: number): void {
    if (tokens <= this.#room) return;
    const room = Math.min(capacity, Math.max(tokens, Math.ceil(1.5 * this.#room), FIRST));
    for (const store of this.#stores) {
      const { heads, head, data } = store;
      store.data = new Float32Array(this.#slots * heads * room * head);
      const size = this.#room * head;
      for (let row = 0; row < this.#slots * heads; row++) {
        store.data.set(data.subarray(row * size, (row + 1) * size), row * room * head);
      }
    }
    this.#room = room;
  }

  /** Names of the graph's outputs that {@link keep} takes. */
  get outputs(): string[] {
    return this.#stores.map(({ fresh }) => fresh);
  }

  /**
   * What the graph reads: `past_key_…` and `past_value_…`, as they lie in memory, and which tokens are seen.
   * @param seq new tokens of the longest sequence
   */
  feeds({ slot, lengths }: NewTokens, seq: number): Record<string, Tensor> {
    // Where no sequence holds anything yet, nothing of the memory is looked at.
    const [room, count] = [Math.max(...lengths) === 0 ? 0 : this.#room, lengths.length];
    const feeds: Record<string, Tensor> = {};
    for (const [window, name] of this.#biases) {
      const bias = attentionBias(lengths, seq, room, window);
      feeds[name] = new Tensor('float32', bias, [count, 1, 1, seq, room + seq]);
    }
    for (const { past, heads, head, data } of this.#stores) {
      const size = heads * room * head;
      const own = data.subarray(slot * size, (slot + count) * size);
      feeds[past] = new Tensor('float32', own, [count, heads, room, head]);
    }
    return feeds;
  }

  /** Puts the keys and values of new tokens, `new_key_…` and `new_value_…` `[sequences, heads, seq, head]`, behind what the slots hold. */
  keep({ slot, lengths, fresh: ids }: NewTokens, results: Readonly<Record<string, Tensor>>): void {
    for (const { fresh, heads, head, data } of this.#stores) {
      const { data: made, dims } = results[fresh]!;
      // SAFETY: the graph declares keys and values as float32, and they come to the host.
      const rows = made as Float32Array;
      const size = dims[2]! * head;
      for (let row = 0; row < lengths.length * heads; row++) {
        const sequence = Math.floor(row / heads);
        const place = (slot * heads + row) * this.#room + lengths[sequence]!;
        data.set(rows.subarray(row * size, row * size + ids[sequence]!.length * head), place * head);
      }
    }
  }

  /** Copies what one slot holds into another; with a length its first tokens alone. */
  copy(from: number, to: number, length = this.#room): void {
    for (const { data, heads, head } of this.#stores) {
      const row = this.#room * head;
      for (let each = 0; each < heads; each++) {
        const start = (from * heads + each) * row;
        data.copyWithin((to * heads + each) * row, start, start + length * head);
      }
    }
  }
}

/**
 * What is added to scores: 0 where a new token may look, −1e30 elsewhere.
 * @returns `[sequences, 1, 1, seq, room + seq]`: of each sequence's room its first tokens are seen, of the new ones those not behind
 */
function attentionBias(
  lengths: ArrayLike<number>,
  seq: number,
  room: number,
  window = Infinity,
): Float32Array {
  const total = room + seq;
  const bias = new Float32Array(lengths.length * seq * total).fill(-1e30);
  for (let sequence = 0; sequence < lengths.length; sequence++) {
    const length = lengths[sequence]!;
    for (let place = 0; place < seq; place++) {
      const row = (sequence * seq + place) * total;
      const first = Math.max(0, length + place + 1 - window);
      bias.fill(0, row + Math.min(first, length), row + length);
      bias.fill(0, row + room + Math.max(0, first - length), row + room + place + 1);
    }
  }
  return bias;
}
