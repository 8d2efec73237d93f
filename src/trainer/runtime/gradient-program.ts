import { Tensor, type InferenceSession } from 'onnxruntime-node';
import type { Graph, Tensor as GraphTensor } from '../graph/graph.ts';
import { elementCount } from '../models/parameter.ts';
import type { Segment } from '../models/segments.ts';
import { planPasses, type Pass, type ProgramSegment } from './passes.ts';
import { runInPlace } from './run-in-place.ts';
import { createSession, type SessionOptions } from './session.ts';

export type Tensors = Record<string, Tensor>;

export interface ProgramCall {
  /** Weights and the batch, by the names of the graph's inputs. */
  readonly inputs: Readonly<Tensors>;
  /** Fills the dropout masks of a segment. Called for each pass through it, so that segments may share the memory for them. */
  readonly drawMasks: (segment: Segment) => Tensors;
  /** On the host: where each result is to be written, by its name. On a device results get memory of their own. */
  readonly outputs: Readonly<Tensors>;
}

type RunningPass = Pass & { readonly session: InferenceSession };

/**
 * Computes loss and gradients of one batch, segment by segment: forward to the last one, which goes forward and backward at
 * once, and back through the others, each of which is computed again from its input. A model of one segment is one
 * session. Equal layers share a session, and with it the memory of what happens between their ends.
 */
export class GradientProgram {
  readonly #segments: readonly ProgramSegment[];
  readonly #forward: readonly RunningPass[];
  readonly #backward: readonly RunningPass[];
  /** On the host: what segments hand to each other, by the name of the tensor. */
  readonly #kept: ReadonlyMap<string, Float32Array> | undefined;

  private constructor(
    segments: readonly ProgramSegment[],
    forward: readonly RunningPass[],
    backward: readonly RunningPass[],
    kept: ReadonlyMap<string, Float32Array> | undefined,
  ) {
    this.#segments = segments;
    this.#forward = forward;
    this.#backward = backward;
    this.#kept = kept;
  }

  /**
   * @param tokens the most tokens of a batch, for memory in which segments hand each other their results; absent where those
   *   stay on the device
   * @throws TunebookError `device/failed` when the device refuses a segment
   */
  static async create(
    graph: Graph,
    segments: readonly ProgramSegment[],
    { tokens, ...on }: Omit<SessionOptions, 'keepOnDevice'> & { readonly tokens?: number },
  ): Promise<GradientProgram> {
    const sessions = new Map<string, InferenceSession>();
    const start = async (pass: Pass): Promise<RunningPass> => {
      const key = Buffer.from(pass.model).toString('latin1');
      const keepOnDevice = tokens === undefined ? pass.onDevice : [];
      const session = sessions.get(key) ?? (await createSession(pass.model, { ...on, keepOnDevice }));
      sessions.set(key, session);
      return { ...pass, session };
    };
    const passes = planPasses(graph, segments, tokens !== undefined);
    const [forward, backward]: RunningPass[][] = [[], []];
    for (const pass of passes.forward) forward!.push(await start(pass));
    for (const pass of passes.backward) backward!.push(await start(pass));
    const kept = tokens === undefined ? undefined : keptMemory(segments, tokens);
    return new GradientProgram(segments, forward!, backward!, kept);
  }

  /** @returns every result by its name */
  async run(call: ProgramCall): Promise<Tensors> {
    const known: Tensors = { ...call.inputs };
    for (const pass of this.#forward) {
      const output = pass.segment.output!;
      const made = await this.#run(pass, known, call, { [output.name]: this.#place(output, known) });
      known[output.name] = made[output.name]!;
    }
    const results: Tensors = {};
    for (const pass of this.#backward) await this.#goBack(pass, known, call, results);
    for (const { output, upstream } of this.#segments) {
      this.#release(output, known);
      this.#release(upstream, known);
    }
    return results;
  }

  async dispose(): Promise<void> {
    for (const session of this.#sessions()) await session.release();
  }

  /** Ends the profiles, if they were asked for. */
  endProfiling(): void {
    for (const session of this.#sessions()) session.endProfiling();
  }

  #sessions(): Set<InferenceSession> {
    return new Set([...this.#forward, ...this.#backward].map(({ session }) => session));
  }

  async #goBack(pass: RunningPass, known: Tensors, call: ProgramCall, results: Tensors): Promise<void> {
    const { segment } = pass;
    const { output, upstream, downstream, outputs } = segment;
    const places: Record<string, Tensor | undefined> = {};
    for (const { name, tensor, carry } of outputs) {
      places[tensor.name] = call.outputs[name];
      if (carry) known[carry.name] = results[name]!;
    }
    if (downstream) places[downstream.name] = this.#place(downstream, known);
    const made = await this.#run(pass, known, call, places);
    for (const { name, tensor, carry } of outputs) {
      this.#release(carry, known);
      results[name] = made[tensor.name]!;
    }
    this.#release(output, known);
    this.#release(upstream, known);
    const below = this.#segments[this.#segments.indexOf(segment) - 1]?.upstream;
    if (downstream && below) known[below.name] = made[downstream.name]!;
  }

  /** Makes one pass under the names of the whole graph. */
  async #run(
    { session, part, segment }: RunningPass,
    known: Readonly<Tensors>,
    call: ProgramCall,
    places: Readonly<Record<string, Tensor | undefined>>,
  ): Promise<Tensors> {
    const masks = call.drawMasks(segment);
    const inputs: Tensors = {};
    for (const [whole, own] of part.inputs) inputs[own] = masks[whole] ?? known[whole]!;
    const outputs = [...part.outputs];
    if (!this.#kept) {
      const made = await session.run(inputs);
      // SAFETY: the outputs of these graphs are dense tensors.
      return Object.fromEntries(outputs.map(([whole, own]) => [whole, made[own] as Tensor]));
    }
    const given = outputs.map(([whole, own]) => {
      const tensor = places[whole];
      if (!tensor) throw new Error(`no place was given for ${whole}`);
      return { whole, own, tensor };
    });
    await runInPlace(session, inputs, Object.fromEntries(given.map(({ own, tensor }) => [own, tensor])));
    return Object.fromEntries(given.map(({ whole, tensor }) => [whole, tensor]));
  }

  /** On the host, where a segment hands over a tensor. */
  #place(tensor: GraphTensor, known: Readonly<Tensors>): Tensor | undefined {
    const memory = this.#kept?.get(tensor.name);
    if (!memory) return undefined;
    const dims = [known['input_ids']!.dims[0]!, Number(tensor.shape[1])];
    return new Tensor('float32', memory.subarray(0, elementCount(dims)), dims);
  }

  /** Lets go of what a segment was handed; on the host its memory is used again. */
  #release(tensor: GraphTensor | undefined, known: Tensors): void {
    if (!tensor || this.#kept) return;
    known[tensor.name]?.dispose();
    delete known[tensor.name];
  }
}

/** One place for each input of a segment, and two in which gradients take turns. */
function keptMemory(segments: readonly Segment[], tokens: number): Map<string, Float32Array> {
  const kept = new Map<string, Float32Array>();
  const gradients: Float32Array[] = [];
  const place = ({ shape }: GraphTensor) => new Float32Array(tokens * Number(shape[1]));
  segments.forEach(({ output, downstream }, i) => {
    if (output) kept.set(output.name, place(output));
    if (downstream) kept.set(downstream.name, (gradients[i % 2] ??= place(downstream)));
  });
  return kept;
}
