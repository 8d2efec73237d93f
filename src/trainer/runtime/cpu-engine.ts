import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { resolveShape } from '../graph/shape.ts';
import { inParts, KernelThreads, type KernelCall } from '../kernels/kernel-threads.ts';
import { canShareTensors, NumericMemory, partOf, type Buffer32 } from '../kernels/kernels.ts';
import { elementCount, type Parameter } from '../models/parameter.ts';
import type { Segment, TrainedParameter } from '../models/segments.ts';
import { Adafactor } from '../optimizers/adafactor.ts';
import { AdamW } from '../optimizers/adamw.ts';
import type { TensorOptimizer } from '../optimizers/optimizer.ts';
import { TrainedTensor } from '../optimizers/trained-tensor.ts';
import { maskKey } from './dropout-key.ts';
import type { DropoutKey, ParameterState, StepSettings, TargetScores, TrainingEngine } from './engine.ts';
import type { ModelSpec } from './model-spec.ts';
import { buildCpuStep, type CpuStep } from './cpu-step.ts';
import { GradientProgram, type Tensors } from './gradient-program.ts';
import { observedOutputs, observedPlaces, pickObserved } from './observed.ts';
import { sizesOf, toTensors, type Feeds } from './feeds.ts';
import { comesAsRows, largestSum, shareOut } from './share-memory.ts';
import { createForwardSession, createScoreSession, runForward, runScores } from './predictor.ts';
import { weightTensor } from './weight-tensor.ts';

/** Bounds on a batch, so that the memory for it can be set aside once. */
export interface BatchLimits {
  readonly tokens: number;
  readonly sequences: number;
  readonly length: number;
}

export interface CpuEngineOptions {
  /** Where onnxruntime computes: `cpu` when absent, or another execution provider, from which results are copied back. */
  readonly device?: string;
  readonly threads?: number;
  readonly limits: BatchLimits;
  /** Whether a step is more than one batch; then a second set of gradients is kept to add up. */
  readonly accumulates: boolean;
  /** Prefix of the file that onnxruntime writes a profile to. */
  readonly profile?: string;
  /** Bytes of one WebAssembly memory; what it can hold when absent. */
  readonly memoryLimit?: number;
}

/** A dropout mask's memory, and which of the model's masks it is. */
interface Mask {
  readonly buffer: Buffer32;
  readonly place: number;
}

/** A gradient that comes as rows of an embedding table, under one output of the graph. */
interface RowOutput {
  readonly output: string;
  readonly ids: string;
  readonly firstRow: number;
  readonly table: TrainedTensor;
}

/**
 * Training on the CPU: onnxruntime computes loss and gradients straight into WebAssembly memory, where
 * SIMD kernels clip and apply the optimizer in place. Weights are inputs of the graph and lie in the same memory, so nothing
 * is copied between the two. With another execution provider the products are computed there: weights go to the device and gradients
 * come back in every step.
 */
export class CpuEngine implements TrainingEngine {
  step = 0;
  observed: Readonly<Record<string, Float32Array>> = {};
  readonly #spec: ModelSpec;
  readonly #options: CpuEngineOptions;
  /** The first memory, with what is written anew for each batch. */
  readonly #memory: NumericMemory;
  readonly #trained = new Map<string, TrainedTensor>();
  readonly #frozen: ReadonlyMap<string, Float32Array>;
  readonly #weights: Record<string, Tensor> = {};
  readonly #rowOutputs: RowOutput[] = [];
  readonly #rowBuffers = new Map<string, { buffer: Buffer32; width: number }>();
  readonly #denseOutputs = new Map<string, TrainedTensor>();
  readonly #gradients: Record<string, Tensor> = {};
  readonly #scratch: Record<string, { tensor: Tensor; buffer: Buffer32 }> = {};
  readonly #masks = new Map<string, Mask>();
  readonly #ids: Buffer32;
  readonly #loss = new Tensor('float32', new Float32Array(1), []);
  readonly #program: GradientProgram;
  readonly #threads: KernelThreads;
  readonly #optimizer: TensorOptimizer;
  #predictor: InferenceSession | undefined;
  #scorer: InferenceSession | undefined;
  #microBatches = 0;

  private constructor(
    spec: ModelSpec,
    frozen: ReadonlyMap<string, Float32Array>,
    options: CpuEngineOptions,
    program: GradientProgram,
    plan: CpuStep,
  ) {
    this.#spec = spec;
    this.#program = program;
    this.#options = options;
    this.#frozen = frozen;
    const sizes = {
      tokens: options.limits.tokens,
      batch: options.limits.sequences,
      seq: options.limits.length,
      targets: options.limits.tokens,
    };
    const rowWidths = new Map<string, number>();
    for (const { gradient } of plan.trained) {
      for (const { rows } of gradient.rows) rowWidths.set(rows.name, Number(rows.shape[1]));
    }
    const maskSizes = plan.segments.map(({ masks }) =>
      masks.map(({ tensor }) => elementCount(resolveShape(tensor.shape, sizes))),
    );
    const { optimizer = 'adamw' } = spec;
    const shares = shareOut(plan.trained, rowWidths, maskSizes, { ...options, optimizer });
    const shared = canShareTensors();
    const memories = shares.map(({ bytes }) => new NumericMemory(bytes, { shared }));
    this.#memory = memories[0]!;
    this.#threads = new KernelThreads(memories, options.threads);

    for (const [name, width] of rowWidths) {
      this.#rowBuffers.set(name, { buffer: this.#memory.allocate(width * sizes.tokens), width });
    }
    this.#ids = this.#memory.allocate(sizes.tokens);
    plan.trained.forEach(({ parameter, gradient }, place) => {
      const memory = memories[shares.findIndex(({ tensors }) => tensors.includes(place))]!;
      this.#addTrained(memory, parameter, gradient);
    });
    const parameters = plan.trained.map(({ parameter }) => parameter);
    this.#optimizer =
      optimizer === 'adafactor' ? new Adafactor(memories, parameters) : new AdamW(this.#threads);
    this.#placeMasks(plan, maskSizes);
  }

  /**
   * Builds the graph, sets memory aside and copies the trained values into it.
   * @param parameters initial values by name; the arrays of frozen ones are used as they are
   */
  static async create(
    spec: ModelSpec,
    parameters: ReadonlyMap<string, Float32Array>,
    options: CpuEngineOptions,
  ): Promise<CpuEngine> {
    const step = buildCpuStep(spec, options.device);
    const { built, segments } = step;
    const trainedNames = new Set(step.trained.map(({ parameter }) => parameter.name));
    const frozen = new Map([...parameters].filter(([name]) => !trainedNames.has(name)));

    const { device = 'cpu', threads, profile, limits } = options;
    const on = { device, threads, profile, tokens: limits.tokens, resting: true };
    const program = await GradientProgram.create(built.graph, segments, on);
    const engine = new CpuEngine(spec, frozen, options, program, step);
    for (const parameter of built.builder.parameters.values()) engine.#bind(parameter, parameters);
    return engine;
  }

  async accumulate(feeds: Feeds, lossWeight: number, key: DropoutKey): Promise<number> {
    const inputs = {
      ...this.#weights,
      ...toTensors(feeds),
      loss_weight: new Tensor('float32', Float32Array.of(lossWeight), []),
    };
    const first = this.#microBatches === 0;
    const outputs: Tensors = { loss: this.#loss, ...observedPlaces(this.#spec, feeds) };
    for (const name of this.#denseOutputs.keys()) {
      outputs[name] = first ? this.#gradients[name]! : this.#scratchFor(name);
    }
    const tokens = feeds.input_ids!.dims[0]!;
    for (const [name, { buffer, width }] of this.#rowBuffers) {
      outputs[`rows:${name}`] = new Tensor('float32', buffer.data.subarray(0, tokens * width), [
        tokens,
        width,
      ]);
    }
    const drawMasks = (segment: Segment) => this.#drawMasks(segment, feeds, key);
    const results = await this.#program.run({ inputs, outputs, drawMasks });
    this.observed = pickObserved(results, observedOutputs(this.#spec));

    if (!first) {
      const sums = [...this.#denseOutputs].flatMap(([name, { gradient, memory }]) =>
        inParts(gradient.padded, (at, count): KernelCall => {
          const args = [gradient.pointer + 4 * at, this.#scratch[name]!.buffer.pointer + 4 * at, count];
          return { memory, kernel: 'addTo', args };
        }),
      );
      this.#threads.run(sums);
    }
    for (const { output, ids, firstRow, table } of this.#rowOutputs) {
      const fed = feeds[ids]?.data;
      if (!(fed instanceof Int32Array)) throw new Error(`the batch has no ids named ${ids}`);
      const feed = firstRow === 0 ? fed : fed.map((id) => id + firstRow);
      new Int32Array(this.#ids.data.buffer, this.#ids.pointer, feed.length).set(feed);
      table.addRows(feed, this.#ids.pointer, this.#rowBuffers.get(output)!.buffer.pointer);
    }
    this.#microBatches++;
    return Number(this.#loss.data[0]);
  }

  async update(settings: StepSettings): Promise<number> {
    const tensors = [...this.#trained.values()];
    const squares = this.#threads
      .run(tensors.flatMap((tensor) => tensor.squaresOfGradient()))
      .reduce((sum, part) => sum + part, 0);
    const { lossScale = 1, skipped = 0 } = settings;
    const norm = Math.sqrt(squares) / lossScale;
    const factors = {
      ...settings,
      clip: (settings.maxGradNorm > 0 ? Math.min(1, settings.maxGradNorm / (norm + 1e-6)) : 1) / lossScale,
      update: this.step + 1 - skipped,
    };
    // A gradient that is no number would destroy the weights; the loop skips the step, or stops the run.
    if (Number.isFinite(norm)) this.#optimizer.update(tensors, factors);
    for (const tensor of tensors) tensor.forgetRows();
    this.step++;
    this.#microBatches = 0;
    return norm;
  }

  async predict(feeds: Feeds): Promise<Float32Array> {
    const { device = 'cpu', threads } = this.#options;
    this.#predictor ??= await createForwardSession(this.#spec, { device, threads });
    return runForward(this.#predictor, this.#weights, feeds);
  }

  async score(feeds: Feeds): Promise<TargetScores> {
    const { device = 'cpu', threads } = this.#options;
    this.#scorer ??= await createScoreSession(this.#spec, { device, threads });
    return runScores(this.#scorer, this.#weights, feeds);
  }

  async readParameters(): Promise<Map<string, Float32Array>> {
    const values = new Map<string, Float32Array>(this.#frozen);
    for (const [name, tensor] of this.#trained) values.set(name, tensor.values.data);
    return values;
  }

  async readState(): Promise<Map<string, ParameterState>> {
    return new Map(
      [...this.#trained].map(([name, tensor]) => [
        name,
        {
          value: tensor.values.data,
          optimizer: new Map([...tensor.state].map(([kind, { data }]) => [kind, data])),
        },
      ]),
    );
  }

  async writeState(state: ReadonlyMap<string, ParameterState>, step: number): Promise<void> {
    for (const [name, tensor] of this.#trained) {
      const saved = state.get(name);
      if (!saved) throw new Error(`the state has no parameter ${name}`);
      tensor.restore(saved.value, saved.optimizer);
    }
    this.step = step;
  }

  async dispose(): Promise<void> {
    if (this.#options.profile !== undefined) this.endProfiling();
    await this.#threads.dispose();
    await this.#program.dispose();
    await this.#predictor?.release();
    await this.#scorer?.release();
  }

  /** Ends the profile, if one was asked for: onnxruntime writes the file. */
  endProfiling(): void {
    this.#program.endProfiling();
  }

  #addTrained(memory: NumericMemory, parameter: Parameter, gradient: TrainedParameter['gradient']): void {
    const { optimizer = 'adamw' } = this.#spec;
    const tensor = new TrainedTensor(memory, parameter, optimizer, comesAsRows(gradient));
    this.#trained.set(parameter.name, tensor);
    for (const { ids, firstRow, rows } of gradient.rows)
      this.#rowOutputs.push({ output: rows.name, ids: ids.name, firstRow, table: tensor });
    if (!gradient.dense) return;
    const output = `gradient:${parameter.name}`;
    this.#denseOutputs.set(output, tensor);
    this.#gradients[output] = new Tensor('float32', tensor.gradient.data, parameter.shape);
    if (this.#options.accumulates) {
      const buffer = memory.allocate(elementCount(parameter.shape));
      this.#scratch[output] = { buffer, tensor: new Tensor('float32', buffer.data, parameter.shape) };
    }
  }

  #bind(parameter: Parameter, parameters: ReadonlyMap<string, Float32Array>): void {
    const values = parameters.get(parameter.name);
    if (!values) throw new Error(`no value was given for the parameter ${parameter.name}`);
    const trained = this.#trained.get(parameter.name);
    trained?.values.data.set(values);
    this.#weights[parameter.name] = weightTensor(parameter, trained ? trained.values.data : values);
  }

  #scratchFor(name: string): Tensor {
    const scratch = this.#scratch[name];
    if (!scratch) throw new Error('this engine was made for one batch a step');
    return scratch.tensor;
  }

  /** Sets memory aside for masks: segments have theirs at different times, so in the same place. */
  #placeMasks({ segments, built }: CpuStep, sizes: readonly (readonly number[])[]): void {
    const region = this.#memory.allocate(largestSum(sizes) / 4);
    segments.forEach((segment, i) => {
      let first = 0;
      segment.masks.forEach((mask, j) => {
        const buffer = partOf(region, first, sizes[i]![j]!);
        this.#masks.set(mask.tensor.name, { buffer, place: built.graph.dropoutMasks.indexOf(mask) });
        first += buffer.padded;
      });
    });
  }

  /** Fills the dropout masks of a segment for this batch and wraps them. */
  #drawMasks(segment: Segment, feeds: Feeds, key: DropoutKey): Tensors {
    const sizes = sizesOf(feeds);
    const masks: Tensors = {};
    const calls = segment.masks.flatMap(({ tensor, rate }) => {
      const { buffer, place } = this.#masks.get(tensor.name)!;
      const dims = resolveShape(tensor.shape, sizes);
      const count = elementCount(dims);
      masks[tensor.name] = new Tensor('float32', buffer.data.subarray(0, count), dims);
      const drawn = [key.seed, maskKey(key, place), rate, 1 / (1 - rate)];
      return inParts(Math.ceil(count / 4) * 4, (first, length): KernelCall => {
        const args = [buffer.pointer + 4 * first, first, length, ...drawn];
        return { memory: this.#memory, kernel: 'dropoutMask', args };
      });
    });
    this.#threads.run(calls);
    return masks;
  }
}
