import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { encodeModel, fitsInModel } from '../graph/encode.ts';
import { CPU_LOWERING } from '../graph/graph.ts';
import type { KeyValueCache } from '../models/key-value-cache.ts';
import { buildDecoder } from '../models/task.ts';
import type { ForwardSpec } from '../runtime/predictor.ts';
import { createSession } from '../runtime/session.ts';
import { KeyValueMemory, type NewTokens } from './key-value-memory.ts';

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

/**
 * A causal language model with the keys and values of what it has read so far, for several sequences at once (slots). It computes on
 * the CPU.
 */
export class Decoder {
  readonly slots: number;
  readonly capacity: number;
  readonly vocabSize: number;
  readonly #session: InferenceSession;
  readonly #weights: Record<string, Tensor>;
  readonly #memory: KeyValueMemory;

  private constructor(
    session: InferenceSession,
    weights: Record<string, Tensor>,
    cache: Pick<KeyValueCache, 'layers' | 'biases'>,
    { slots, capacity, vocabSize }: DecoderOptions & { vocabSize: number },
  ) {
    this.slots = slots;
    this.capacity = capacity;
    this.vocabSize = vocabSize;
    this.#session = session;
    this.#weights = weights;
    this.#memory = new KeyValueMemory(slots, cache);
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
    return new Decoder(session, weights, cache, { ...settings, slots, vocabSize: config.vocab_size });
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
    return await this.#run({ slot, lengths: [from], seq: ids.length }, ids, wanted ?? [ids.length - 1]);
  }

  /**
   * Reads one token into each of the first slots, slot `i` behind its first `lengths[i]` tokens.
   * @returns `[tokens, vocab] float32`: what comes after each
   */
  async step(tokens: ArrayLike<number>, lengths: readonly number[]): Promise<Float32Array> {
    return await this.#run({ slot: 0, lengths, seq: 1 }, tokens, [...lengths.keys()]);
  }

  /** Copies what one slot holds into another; with a length its first tokens alone. */
  copy(from: number, to: number, length?: number): void {
    this.#memory.copy(from, to, length);
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }

  async #run(batch: NewTokens, ids: ArrayLike<number>, wanted: ArrayLike<number>): Promise<Float32Array> {
    const { lengths, seq } = batch;
    const tokens = Math.max(...lengths) + seq;
    if (tokens > this.capacity) throw new Error(`a slot holds ${this.capacity} tokens, not ${tokens}`);
    this.#memory.grow(tokens, this.capacity);
    const results = await this.#session.run({
      ...this.#weights,
      ...this.#memory.feeds(batch),
      input_ids: integers(ids),
      position_ids: integers(lengths.flatMap((from) => Array.from({ length: seq }, (_, i) => from + i))),
      target_index: integers(wanted),
    });
    this.#memory.keep(batch, results);
    // SAFETY: the graph declares logits as float32, and they come to the host.
    return results['logits']!.data as Float32Array;
  }
}

function integers(values: ArrayLike<number>): Tensor {
  return new Tensor('int32', Int32Array.from(values), [values.length]);
}

function valueOf(values: ReadonlyMap<string, Float32Array>, name: string): Float32Array {
  const value = values.get(name);
  if (!value) throw new Error(`no value was given for the parameter ${name}`);
  return value;
}
