import { Tensor, type InferenceSession } from 'onnxruntime-node';
import type { Gradient } from '../graph/backward.ts';
import type { DropoutMask, Graph, Tensor as GraphTensor } from '../graph/graph.ts';
import { add } from '../graph/ops/elementwise.ts';
import { addRows } from '../graph/ops/gather.ts';
import { resolveShape } from '../graph/shape.ts';
import { NumericMemory, paddedBytes } from '../kernels/kernels.ts';
import { elementCount, type Parameter } from '../models/parameter.ts';
import { addTraining, type Segment } from '../models/segments.ts';
import { buildTask, type TaskGraph } from '../models/task.ts';
import { optimizerState } from '../optimizers/optimizer-state.ts';
import { DeviceCopy } from './device-copy.ts';
import { maskKey } from './dropout-key.ts';
import type { DropoutKey, ParameterState, StepSettings, TargetScores, TrainingEngine } from './engine.ts';
import { sizesOf, toTensors, type Feeds } from './feeds.ts';
import { loweringOf } from './lowering.ts';
import type { ModelSpec } from './model-spec.ts';
import type { ProgramSegment, SegmentOutput } from './passes.ts';
import { GradientProgram, type Tensors } from './gradient-program.ts';
import { observedOutputs, pickObserved } from './observed.ts';
import { createForwardSession, createScoreSession, runForward, runScores } from './predictor.ts';
import { createSession } from './session.ts';
import { buildSum, buildUpdate, keptTensors, updateScalars } from './update-graph.ts';

/** What trained parameters keep on the device: their values by name, and what the optimizer keeps by the names of `keptTensors`. */
interface DeviceState {
  readonly value: Tensors;
  readonly kept: Tensors;
}

interface Parts {
  readonly spec: ModelSpec;
  readonly trained: readonly Parameter[];
  readonly masks: readonly DropoutMask[];
  readonly gradients: GradientProgram;
  readonly update: InferenceSession;
  readonly sum: InferenceSession;
  readonly copy: DeviceCopy;
  readonly copyKept: DeviceCopy;
  readonly frozen: {
    readonly values: ReadonlyMap<string, Float32Array>;
    readonly tensors: Tensors;
    readonly copy: DeviceCopy | undefined;
  };
}

/**
 * Training on a GPU through WebGPU: weights, gradients and moments stay on the device. One program computes loss and
 * gradients, one session clips and applies the optimizer; only ids, masks and scalars cross the bus in a step.
 */
export class WebGpuEngine implements TrainingEngine {
  step = 0;
  observed: Readonly<Record<string, Float32Array>> = {};
  readonly #parts: Parts;
  #state: DeviceState;
  #gradients: Tensors | undefined;
  #predictor: InferenceSession | undefined;
  #scorer: InferenceSession | undefined;
  #maskMemory: { bytes: number; memory: NumericMemory } | undefined;

  private constructor(parts: Parts, state: DeviceState) {
    this.#parts = parts;
    this.#state = state;
  }

  /**
   * Builds the graphs and puts the values on the device.
   * @throws TunebookError `device/failed` when the device refuses a graph
   */
  static async create(spec: ModelSpec, values: ReadonlyMap<string, Float32Array>): Promise<WebGpuEngine> {
    const built = buildTask(spec.config, spec.task, {
      ...spec.options,
      training: !spec.disableDropout,
      lowering: loweringOf('webgpu', spec.float16),
    });
    const training = addTraining(built, spec.isTrained, spec);
    const trained = training.trained.map(({ parameter }) => parameter);
    const on = (model: Uint8Array, keepOnDevice: string[]) =>
      createSession(model, { device: 'webgpu', keepOnDevice });
    const named = (prefix: string) => trained.map(({ name }) => prefix + name);

    const isTrained = new Set(trained.map(({ name }) => name));
    const frozen = [...built.builder.parameters.values()].filter(({ name }) => !isTrained.has(name));
    // The tensors belong to the session that made them, so it lives as long as they do.
    const frozenCopy = frozen.length > 0 ? await DeviceCopy.create(frozen) : undefined;
    const frozenTensors = (await frozenCopy?.upload(({ name }) => values.get(name)!)) ?? {};
    const copy = await DeviceCopy.create(trained);
    const { optimizer = 'adamw' } = spec;
    const kept = keptTensors(optimizer, trained);
    const copyKept = await DeviceCopy.create(kept);
    const parts: Parts = {
      spec,
      trained,
      masks: built.graph.dropoutMasks,
      gradients: await GradientProgram.create(built.graph, withOutputs(built, training.segments), {
        device: 'webgpu',
      }),
      update: await on(buildUpdate(trained, optimizer), [
        ...named('next:value:'),
        ...kept.map(({ name }) => `next:${name}`),
      ]),
      sum: await on(buildSum(trained), named('sum:')),
      copy,
      copyKept,
      frozen: {
        values: new Map(frozen.map(({ name }) => [name, values.get(name)!])),
        tensors: frozenTensors,
        copy: frozenCopy,
      },
    };
    return new WebGpuEngine(parts, {
      value: await copy.upload(({ name }) => values.get(name)!),
      kept: await copyKept.upload(({ shape }) => new Float32Array(elementCount(shape))),
    });
  }

  async accumulate(feeds: Feeds, lossWeight: number, key: DropoutKey): Promise<number> {
    const outputs = await this.#parts.gradients.run({
      inputs: { ...this.#weights(), ...toTensors(feeds), loss_weight: scalar(lossWeight) },
      drawMasks: (segment) => this.#drawMasks(segment, feeds, key),
      outputs: {},
    });
    this.observed = pickObserved(outputs, observedOutputs(this.#parts.spec));
    const fresh = this.#take(outputs, 'gradient:');
    this.#gradients = this.#gradients ? await this.#addUp(this.#gradients, fresh) : fresh;
    return Number(outputs['loss']!.data[0]);
  }

  async update(settings: StepSettings): Promise<number> {
    const gradients = this.#gradients;
    if (!gradients) throw new Error('an update needs a batch before it');
    this.#gradients = undefined;
    this.step++;
    const { spec, trained } = this.#parts;
    const number = this.step - (settings.skipped ?? 0);
    const scalars = updateScalars(spec.optimizer ?? 'adamw', settings, number);
    const inputs: Tensors = { ...this.#state.kept };
    for (const [name, value] of Object.entries(scalars)) inputs[name] = scalar(value);
    for (const { name } of trained) {
      inputs[`gradient:${name}`] = gradients[name]!;
      inputs[`value:${name}`] = this.#state.value[name]!;
    }
    const outputs = await this.#parts.update.run(inputs);
    const norm = Number(outputs['norm']!.data[0]);
    const next = {
      value: this.#take(outputs, 'next:value:'),
      kept: takeAll(outputs, Object.keys(this.#state.kept), 'next:'),
    };
    release(gradients);
    // A gradient that is no number would destroy the weights; the loop skips the step, or stops the run.
    const [kept, dropped] = Number.isFinite(norm) ? [next, this.#state] : [this.#state, next];
    releaseState(dropped);
    this.#state = kept;
    return norm;
  }

  async predict(feeds: Feeds): Promise<Float32Array> {
    this.#predictor ??= await createForwardSession(this.#parts.spec, { device: 'webgpu' });
    return runForward(this.#predictor, this.#weights(), feeds);
  }

  async score(feeds: Feeds): Promise<TargetScores> {
    const { spec } = this.#parts;
    this.#scorer ??= await createScoreSession(spec, { device: 'webgpu' });
    return runScores(this.#scorer, this.#weights(), feeds);
  }

  async readParameters(): Promise<Map<string, Float32Array>> {
    return new Map([...this.#parts.frozen.values, ...(await this.#parts.copy.download(this.#state.value))]);
  }

  async readState(): Promise<Map<string, ParameterState>> {
    const { copy, copyKept, trained, spec } = this.#parts;
    const value = await copy.download(this.#state.value);
    const kept = await copyKept.download(this.#state.kept);
    return new Map(
      trained.map((parameter) => {
        const { name } = parameter;
        const kinds = optimizerState(spec.optimizer ?? 'adamw', parameter);
        const optimizer = new Map(kinds.map((kind) => [kind.name, kept.get(`${kind.name}:${name}`)!]));
        return [name, { value: value.get(name)!, optimizer }];
      }),
    );
  }

  async writeState(state: ReadonlyMap<string, ParameterState>, step: number): Promise<void> {
    const { copy, copyKept } = this.#parts;
    const saved = new Map<string, Float32Array>();
    for (const [name, { optimizer }] of state)
      for (const [kind, data] of optimizer) saved.set(`${kind}:${name}`, data);
    const known = <T>(found: T | undefined, name: string): T => {
      if (found === undefined) throw new Error(`the state has no ${name}`);
      return found;
    };
    const next = {
      value: await copy.upload(({ name }) => known(state.get(name), name).value),
      kept: await copyKept.upload(({ name }) => known(saved.get(name), name)),
    };
    releaseState(this.#state);
    this.#state = next;
    this.step = step;
  }

  async dispose(): Promise<void> {
    const { gradients, update, sum, copy, copyKept, frozen } = this.#parts;
    releaseState(this.#state);
    release(frozen.tensors);
    await gradients.dispose();
    for (const session of [update, sum, this.#predictor, this.#scorer]) await session?.release();
    await copy.dispose();
    await copyKept.dispose();
    await frozen.copy?.dispose();
  }

  #weights(): Tensors {
    return { ...this.#parts.frozen.tensors, ...this.#state.value };
  }

  async #addUp(gradients: Tensors, more: Tensors): Promise<Tensors> {
    const inputs: Tensors = {};
    for (const { name } of this.#parts.trained) {
      inputs[`gradient:${name}`] = gradients[name]!;
      inputs[`more:${name}`] = more[name]!;
    }
    const sums = this.#take(await this.#parts.sum.run(inputs), 'sum:');
    release(gradients);
    release(more);
    return sums;
  }

  #take(outputs: InferenceSession.ReturnType, prefix: string): Tensors {
    return takeAll(
      outputs,
      this.#parts.trained.map(({ name }) => name),
      prefix,
    );
  }

  #drawMasks(segment: Segment, feeds: Feeds, key: DropoutKey): Tensors {
    const sizes = sizesOf(feeds);
    const shapes = segment.masks.map(({ tensor }) => resolveShape(tensor.shape, sizes));
    if (shapes.length === 0) return {};
    const memory = this.#memoryForMasks(
      shapes.reduce((sum, shape) => sum + paddedBytes(elementCount(shape)), 0),
    );
    return Object.fromEntries(
      segment.masks.map((mask, i) => {
        const { tensor, rate } = mask;
        const place = this.#parts.masks.indexOf(mask);
        const buffer = memory.allocate(elementCount(shapes[i]!));
        const padded = Math.ceil(buffer.length / 4) * 4;
        memory.kernels.dropoutMask(
          buffer.pointer,
          0,
          padded,
          key.seed,
          maskKey(key, place),
          rate,
          1 / (1 - rate),
        );
        return [tensor.name, new Tensor('float32', buffer.data, shapes[i])];
      }),
    );
  }

  /** Memory for a batch's masks, used again for the next: a WebAssembly memory takes much address space. */
  #memoryForMasks(bytes: number): NumericMemory {
    if (!this.#maskMemory || this.#maskMemory.bytes < bytes)
      this.#maskMemory = { bytes, memory: new NumericMemory(bytes) };
    this.#maskMemory.memory.clear();
    return this.#maskMemory.memory;
  }
}

/** The segments with what each gives: gradients as one tensor a parameter, to which a segment adds its part. */
function withOutputs({ graph }: TaskGraph, segments: readonly Segment[]): ProgramSegment[] {
  const results = graph.outputs.map((tensor) => ({ name: tensor.name, tensor, onDevice: false }));
  const made = new Set<string>();
  const gradientOf = ({ parameter, gradient }: Segment['trained'][number]): SegmentOutput => {
    const name = `gradient:${parameter.name}`;
    const own = denseGradient(graph, gradient, parameter);
    if (!made.has(name)) {
      made.add(name);
      return { name, tensor: own, onDevice: true };
    }
    const carry = graph.input(`carry:${parameter.name}`, parameter.shape);
    return { name, tensor: add(graph, own, carry), carry, onDevice: true };
  };
  return segments
    .toReversed()
    .map((segment) => {
      const gradients = segment.trained.map(gradientOf);
      return { ...segment, outputs: segment.output ? gradients : [...results, ...gradients] };
    })
    .toReversed();
}

/** The gradient of a parameter as one tensor; rows of an embedding are added up on the device. */
function denseGradient(graph: Graph, gradient: Gradient, parameter: Parameter): GraphTensor {
  const parts = gradient.rows.map((rows) => addRows(graph, rows, parameter.shape[0] ?? 1));
  const all = gradient.dense ? [gradient.dense, ...parts] : parts;
  return all.reduce((a, b) => add(graph, a, b));
}

/** Those outputs of a graph whose names begin with a prefix, by the rest of their names. */
function takeAll(outputs: InferenceSession.ReturnType, names: readonly string[], prefix: string): Tensors {
  // SAFETY: these outputs of the graph are dense tensors.
  return Object.fromEntries(names.map((name) => [name, outputs[prefix + name] as Tensor]));
}

function releaseState({ value, kept }: DeviceState): void {
  release(value);
  release(kept);
}

function scalar(value: number): Tensor {
  return new Tensor('float32', Float32Array.of(value), []);
}

function release(tensors: Tensors): void {
  for (const tensor of Object.values(tensors)) tensor.dispose();
}
