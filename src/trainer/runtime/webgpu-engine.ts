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
import { buildSum, buildUpdate, updateScalars } from './update-graph.ts';

const KINDS = ['value', 'expAvg', 'expAvgSq'] as const;
/** What trained parameters keep on the device, by kind and name. */
type DeviceState = Record<(typeof KINDS)[number], Tensors>;

interface Parts {
  readonly spec: ModelSpec;
  readonly trained: readonly Parameter[];
  readonly masks: readonly DropoutMask[];
  readonly gradients: GradientProgram;
  readonly update: InferenceSession;
  readonly sum: InferenceSession;
  readonly copy: DeviceCopy;
  readonly frozen: {
    readonly values: ReadonlyMap<string, Float32Array>;
    readonly tensors: Tensors;
    readonly copy: DeviceCopy | undefined;
  };
}

/**
 * Training on a GPU through WebGPU: weights, gradients and moments stay on the device. One program computes loss and
 * gradients, one session clips and applies AdamW; only ids, masks and scalars cross the bus in a step.
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
    const zeros = ({ shape }: Parameter) => new Float32Array(elementCount(shape));
    const parts: Parts = {
      spec,
      trained,
      masks: built.graph.dropoutMasks,
      gradients: await GradientProgram.create(built.graph, withOutputs(built, training.segments), {
        device: 'webgpu',
      }),
      update: await on(
        buildUpdate(trained),
        KINDS.flatMap((kind) => named(`next:${kind}:`)),
      ),
      sum: await on(buildSum(trained), named('sum:')),
      copy,
      frozen: {
        values: new Map(frozen.map(({ name }) => [name, values.get(name)!])),
        tensors: frozenTensors,
        copy: frozenCopy,
      },
    };
    return new WebGpuEngine(parts, {
      value: await copy.upload(({ name }) => values.get(name)!),
      expAvg: await copy.upload(zeros),
      expAvgSq: await copy.upload(zeros),
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
    const scalars = Object.entries(updateScalars(settings, this.step - (settings.skipped ?? 0))).map(
      ([name, value]) => [name, scalar(value)],
    );
    // SAFETY: the entries are pairs of a name and a tensor.
    const inputs = Object.fromEntries(scalars) as Tensors;
    for (const { name } of this.#parts.trained) {
      inputs[`gradient:${name}`] = gradients[name]!;
      for (const kind of KINDS) inputs[`${kind}:${name}`] = this.#state[kind][name]!;
    }
    const outputs = await this.#parts.update.run(inputs);
    const norm = Number(outputs['norm']!.data[0]);
    const next = {
      value: this.#take(outputs, 'next:value:'),
      expAvg: this.#take(outputs, 'next:expAvg:'),
      expAvgSq: this.#take(outputs, 'next:expAvgSq:'),
    };
    release(gradients);
    // A gradient that is no number would destroy the weights; the loop skips the step, or stops the run.
    const [kept, dropped] = Number.isFinite(norm) ? [next, this.#state] : [this.#state, next];
    for (const kind of KINDS) release(dropped[kind]);
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
    const { copy, trained } = this.#parts;
    const [value, expAvg, expAvgSq] = [
      await copy.download(this.#state.value),
      await copy.download(this.#state.expAvg),
      await copy.download(this.#state.expAvgSq),
    ];
    return new Map(
      trained.map(({ name }) => [
        name,
        { value: value.get(name)!, expAvg: expAvg.get(name)!, expAvgSq: expAvgSq.get(name)! },
      ]),
    );
  }

  async writeState(state: ReadonlyMap<string, ParameterState>, step: number): Promise<void> {
    const upload = (kind: keyof ParameterState) =>
      this.#parts.copy.upload(({ name }) => {
        const saved = state.get(name);
        if (!saved) throw new Error(`the state has no parameter ${name}`);
        return saved[kind];
      });
    const next = {
      value: await upload('value'),
      expAvg: await upload('expAvg'),
      expAvgSq: await upload('expAvgSq'),
    };
    for (const kind of KINDS) release(this.#state[kind]);
    this.#state = next;
    this.step = step;
  }

  async dispose(): Promise<void> {
    const { gradients, update, sum, copy, frozen } = this.#parts;
    for (const kind of KINDS) release(this.#state[kind]);
    release(frozen.tensors);
    await gradients.dispose();
    for (const session of [update, sum, this.#predictor, this.#scorer]) await session?.release();
    await copy.dispose();
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
    // SAFETY: these outputs of the graph are dense tensors.
    return Object.fromEntries(
      this.#parts.trained.map(({ name }) => [name, outputs[prefix + name] as Tensor]),
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

function scalar(value: number): Tensor {
  return new Tensor('float32', Float32Array.of(value), []);
}

function release(tensors: Tensors): void {
  for (const tensor of Object.values(tensors)) tensor.dispose();
}
