import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { encodeModel, fitsInModel } from '../graph/encode.ts';
import { CPU_LOWERING } from '../graph/graph.ts';
import type { CachedLayer } from '../models/key-value-cache.ts';
import { buildDecoder } from '../models/task.ts';
import type { ForwardSpec } from '../runtime/predictor.ts';
import { createSession } from '../runtime/session.ts';

export interface DecoderOptions {
  /** Sequences that are kept at once, at most: there are fewer where their keys and values would take more than a GiB. */
  readonly slots: number;
  /** Tokens that a sequence may have, prompt and answer together. */
  readonly capacity: number;
  /** Threads of one operator; onnxruntime's own choice when absent. */
  readonly threads?: number;
  /** Read the weights anew at every step, since they are trained meanwhile. It takes up to twice the time. */
  readonly live?: boolean;
}

/** Bytes that keys and values of all slots may take. */
const CACHE_BYTES = 2 ** 30;

/** Keys or values of one layer for all slots. */
interface Store {
  readonly name: string;
  readonly heads: number;
  readonly head: number;
  /** `[slots, heads, capacity, head]`. */
  readonly data: Float32Array;
}

/**
 * A causal language model with the keys and values of what it has read so far, for several sequences at once (slots). It computes on
 * the CPU. Keys and values are written in place; a slot is one stretch of memory, so slots are filled, continued and copied one by one.
 */
export class Decoder {
  readonly slots: number;
  readonly capacity: number;
  readonly vocabSize: number;
  readonly #session: InferenceSession;
  readonly #weights: Record<string, Tensor>;
  readonly #stores: readonly Store[];

  private constructor(
    session: InferenceSession,
    weights: Record<string, Tensor>,
    layers: readonly CachedLayer[],
    { slots, capacity, vocabSize }: DecoderOptions & { vocabSize: number },
  ) {
    this.slots = slots;
    this.capacity = capacity;
    this.vocabSize = vocabSize;
    this.#session = session;
    this.#weights = weights;
    this.#stores = layers.flatMap(({ heads, head }, layer) =>
      ['key', 'value'].map((part) => ({
        name: `${part}_${layer}`,
        heads,
        head,
        data: new Float32Array(slots * heads * capacity * head),
      })),
    );
  }

  /**
   * @param values every parameter by name; with `live` the arrays are used as they are, else they are copied
   * @throws TunebookError `device/failed`
   */
  static async create(
    { config, options }: Pick<ForwardSpec, 'config' | 'options'>,
    values: ReadonlyMap<string, Float32Array>,
    settings: DecoderOptions,
  ): Promise<Decoder> {
    const { graph, builder, logits, cache } = buildDecoder(config, {
      ...options,
      training: false,
      lowering: CPU_LOWERING,
    });
    graph.output('logits', logits);
    const { threads, live = false } = settings;
    const parameters = [...builder.parameters.values()];
    const used = new Map(parameters.map(({ name }) => [name, valueOf(values, name)] as const));
    const constant = !live && fitsInModel(used);
    const session = await createSession(encodeModel(graph, constant ? used : undefined), {
      device: 'cpu',
      ...(threads === undefined ? {} : { threads }),
    });
    const fed = constant ? [] : parameters;
    const weights = Object.fromEntries(
      fed.map(({ name, shape }) => [name, new Tensor('float32', valueOf(values, name), shape)]),
    );
    const numbers = cache.layers.reduce((sum, { heads, head }) => sum + 2 * heads * head, 0);
    const room = Math.floor(CACHE_BYTES / (numbers * settings.capacity * Float32Array.BYTES_PER_ELEMENT));
    const slots = Math.max(1, Math.min(settings.slots, room));
    return new Decoder(session, weights, cache.layers, { ...settings, slots, vocabSize: config.vocab_size });
  }

  /**
   * Reads tokens into one slot, behind the first `from` tokens that it holds.
   * @param wanted which of the new tokens to give logits for, counted from the first new one; the last when absent
   * @returns `[wanted, vocab] float32`
   */
  async read(
    slot: number,
    ids: ArrayLike<number>,
    from: number,
    wanted?: ArrayLike<number>,
  ): Promise<Float32Array> {
    const end = from + ids.length;
    if (end > this.capacity) throw new Error(`a slot holds ${this.capacity} tokens, not ${end}`);
    return await this.#run({
      slot,
      count: 1,
      input_ids: Int32Array.from(ids),
      position_ids: Int32Array.from({ length: ids.length }, (_, i) => from + i),
      target_index: Int32Array.from(wanted ?? [ids.length - 1]),
      last_positions: Int32Array.of(end - 1),
    });
  }

  /**
   * Reads one token into each of the first slots, slot `i` behind its first `lengths[i]` tokens.
   * @returns `[tokens, vocab] float32`: what comes after each
   */
  async step(tokens: ArrayLike<number>, lengths: ArrayLike<number>): Promise<Float32Array> {
    const position_ids = Int32Array.from(lengths);
    return await this.#run({
      slot: 0,
      count: tokens.length,
      input_ids: Int32Array.from(tokens),
      position_ids,
      target_index: Int32Array.from({ length: tokens.length }, (_, i) => i),
      last_positions: position_ids,
    });
  }

  /** Copies what one slot holds into another; with a length its first tokens alone. */
  copy(from: number, to: number, length = this.capacity): void {
    for (const { data, heads, head } of this.#stores) {
      const row = this.capacity * head;
      for (let each = 0; each < heads; each++) {
        const start = (from * heads + each) * row;
        data.copyWithin((to * heads + each) * row, start, start + length * head);
      }
    }
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }

  async #run(batch: {
    slot: number;
    count: number;
    input_ids: Int32Array;
    position_ids: Int32Array;
    target_index: Int32Array;
    last_positions: Int32Array;
  }): Promise<Float32Array> {
    const { slot, count, input_ids, position_ids, target_index, last_positions } = batch;
    const int = (data: Int32Array) => new Tensor('int32', data, [data.length]);
    const feeds: Record<string, Tensor> = {
      ...this.#weights,
      input_ids: int(input_ids),
      position_ids: int(position_ids),
      target_index: int(target_index),
      last_positions: int(last_positions),
      longest: int(Int32Array.of(Math.max(...last_positions) + 1)),
    };
    const fetches: Record<string, Tensor | null> = { logits: null };
    for (const { name, heads, head, data } of this.#stores) {
      const size = heads * this.capacity * head;
      const own = data.subarray(slot * size, (slot + count) * size);
      const tensor = new Tensor('float32', own, [count, heads, this.capacity, head]);
      // One buffer as past and present: the new keys and values are written behind the old ones, and nothing is copied.
      feeds[`past_${name}`] = tensor;
      fetches[`present_${name}`] = tensor;
    }
    const { logits } = await this.#session.run(feeds, fetches);
    // SAFETY: the graph declares logits as float32, and they come to the host.
    return logits!.data as Float32Array;
  }
}

function valueOf(values: ReadonlyMap<string, Float32Array>, name: string): Float32Array {
  const value = values.get(name);
  if (!value) throw new Error(`no value was given for the parameter ${name}`);
  return value;
}
