import { Tensor as OrtTensor, type InferenceSession } from 'onnxruntime-node';
import { encodeModel, fitsInModel } from '../graph/encode.ts';
import { CPU_LOWERING, type Graph, type Tensor } from '../graph/graph.ts';
import { reduceSum } from '../graph/ops/broadcast.ts';
import { cast } from '../graph/ops/shape.ts';
import type { KeyValueCache } from '../models/key-value-cache.ts';
import { buildDecoder } from '../models/task.ts';
import type { ForwardSpec } from '../runtime/predictor.ts';
import { createSession } from '../runtime/session.ts';
import { weightTensor } from '../runtime/weight-tensor.ts';
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
  readonly #weights: Record<string, OrtTensor>;
  readonly #memory: KeyValueMemory;

  private constructor(
    session: InferenceSession,
    weights: Record<string, OrtTensor>,
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
    addLikeliest(graph, logits);
    const { threads, live = false } = settings;
    const parameters = [...builder.parameters.values()];
    const used = new Map(parameters.map(({ name }) => [name, valueOf(values, name)] as const));
    const constant = !live && fitsInModel(used);
    const session = await createSession(encodeModel(graph, constant ? { weights: used } : {}), {
      device: 'cpu',
      ...(threads === undefined ? {} : { threads }),
    });
    const fed = constant ? [] : parameters;
    const weights = Object.fromEntries(
      fed.map((parameter) => [parameter.name, weightTensor(parameter, valueOf(values, parameter.name))]),
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
    ids: readonly number[],
    from: number,
    wanted?: readonly number[],
  ): Promise<Float32Array> {
    return await this.logits({ slot, lengths: [from], fresh: [ids] }, wanted);
  }

  /**
   * Reads one token into each of the first slots, slot `i` behind its first `lengths[i]` tokens.
   * @returns `[tokens, vocab] float32`: what comes after each
   */
  async step(tokens: readonly number[], lengths: readonly number[]): Promise<Float32Array> {
    return await this.logits({ slot: 0, lengths, fresh: tokens.map((id) => [id]) });
  }

  /**
   * Reads tokens into several slots at once. They are computed as if all brought as many as the longest.
   * @param wanted places of the new tokens to give logits for, of a padded `[sequences, longest]`; the last of each sequence when absent
   * @returns `[wanted, vocab] float32`: what comes after each
   */
  async logits(tokens: NewTokens, wanted: readonly number[] = lastPlaces(tokens)): Promise<Float32Array> {
    const { logits } = await this.#run(tokens, wanted, ['logits']);
    // SAFETY: the graph declares logits as float32, and they come to the host.
    return logits!.data as Float32Array;
  }

  /**
   * Reads tokens like {@link logits}, and chooses among those of the last of each sequence without giving them out.
   * @returns the likeliest next token of each sequence, of equals the first; −1 where a logit is not a number
   */
  async likeliest(tokens: NewTokens): Promise<number[]> {
    const { likeliest, logits_sum: sums } = await this.#run(tokens, lastPlaces(tokens), LIKELIEST);
    // SAFETY: the graph declares these types, and they come to the host.
    const [ids, checks] = [likeliest!.data as Int32Array, sums!.data as Float32Array];
    return Array.from(ids, (id, sequence) => (Number.isNaN(checks[sequence]) ? -1 : id));
  }

  /** Copies what one slot holds into another; with a length its first tokens alone. */
  copy(from: number, to: number, length?: number): void {
    this.#memory.copy(from, to, length);
  }

  async dispose(): Promise<void> {
    await this.#session.release();
  }

  async #run(tokens: NewTokens, wanted: readonly number[], outputs: readonly string[]) {
    const { lengths, fresh } = tokens;
    const most = Math.max(...lengths.map((length, sequence) => length + fresh[sequence]!.length));
    if (most > this.capacity) throw new Error(`a slot holds ${this.capacity} tokens, not ${most}`);
    this.#memory.grow(most, this.capacity);
    const seq = longestOf(tokens);
    const places = Array.from({ length: seq }, (_, place) => place);
    const results = await this.#session.run(
      {
        ...this.#weights,
        ...this.#memory.feeds(tokens, seq),
        // Behind a shorter sequence stands any token: nothing looks at it.
        input_ids: integers(fresh.flatMap((ids) => places.map((place) => ids[place] ?? 0))),
        position_ids: integers(lengths.flatMap((from) => places.map((place) => from + place))),
        target_index: integers(wanted),
      },
      [...outputs, ...this.#memory.outputs],
    );
    this.#memory.keep(tokens, results);
    return results;
  }
}

const LIKELIEST = ['likeliest', 'logits_sum'];

/** Adds `likeliest [targets] int32`, and `logits_sum [targets] float32`, which is not a number where one of the logits is none. */
function addLikeliest(g: Graph, logits: Tensor): void {
  const rows = logits.shape.slice(0, 1);
  const best = g.single('ArgMax', [logits], { axis: 1, keepdims: 0 }, rows, 'int64');
  g.output('likeliest', cast(g, best, 'int32'));
  g.output('logits_sum', reduceSum(g, logits, [1]));
}

function longestOf({ fresh }: NewTokens): number {
  return Math.max(...fresh.map((ids) => ids.length));
}

/** Where the last new token of each sequence stands in `[sequences, longest]`. */
function lastPlaces(tokens: NewTokens): number[] {
  const seq = longestOf(tokens);
  return tokens.fresh.map((ids, sequence) => sequence * seq + ids.length - 1);
}

function integers(values: readonly number[]): OrtTensor {
  return new OrtTensor('int32', Int32Array.from(values), [values.length]);
}

function valueOf(values: ReadonlyMap<string, Float32Array>, name: string): Float32Array {
  const value = values.get(name);
  if (!value) throw new Error(`no value was given for the parameter ${name}`);
  return value;
}
