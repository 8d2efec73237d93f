import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { ResolvedRun } from '../../language/resolved.ts';
import { TunebookError } from '../../protocol/error.ts';
import { toWire } from '../../protocol/numbers.ts';
import { RUN_FILES, type DeviceInfo } from '../../protocol/run.ts';
import { explainWriteError } from '../../runs/errors.ts';
import type { StopRequest } from '../../runs/stop.ts';
import type { RunWriter } from '../../runs/writer.ts';
import {
  listCheckpoints,
  readCheckpoint,
  rotateCheckpoints,
  saveCheckpoint,
} from '../checkpoint/checkpoint.ts';
import { saveModel } from '../checkpoint/save-model.ts';
import { epochOrder } from '../data/sampler.ts';
import { createEngine } from '../runtime/create-engine.ts';
import { chooseDevice } from '../runtime/devices.ts';
import type { TrainingEngine } from '../runtime/engine.ts';
import { evaluateSplit, type SplitMetrics } from './evaluate-split.ts';
import { History } from './history.ts';
import { makeBatch } from './objective.ts';
import { planSteps, type StepPlan } from './plan-steps.ts';
import { prepareRun, type PreparedRun } from './prepare.ts';
import { ProgressMeter } from './progress.ts';
import { scheduleFactor } from './schedule.ts';
import { rowCount, rowLengths } from './sequences.ts';

export interface TrainRequest {
  readonly run: ResolvedRun;
  readonly writer: RunWriter;
  readonly stop: StopRequest;
  /** Go on from the newest checkpoint of the run directory. */
  readonly resume?: boolean;
  readonly device?: DeviceInfo;
}

export interface TrainOutcome {
  readonly state: 'finished' | 'stopped';
  /** The last value of each metric. */
  readonly metrics: Record<string, number>;
}

/**
 * Trains a run from its config to its `output/`: prepares, steps, evaluates, checkpoints, and writes every event.
 * Between steps the process breathes, so that a request to stop is seen; then a checkpoint is written first.
 * States `preparing`, `running` and `evaluating` are written here, the first and the last ones by the caller.
 * @throws TunebookError what a person can mend; the run directory keeps its checkpoints
 */
export async function train(request: TrainRequest): Promise<TrainOutcome> {
  const { run, writer, stop } = request;
  const abort = new AbortController();
  const unsubscribe = stop.onRequest(() => abort.abort());
  writer.event({ type: 'state', state: 'preparing' });
  let prepared: PreparedRun;
  try {
    prepared = await prepareRun(run, {
      signal: abort.signal,
      onProgress: (phase, rows) => writer.event({ type: 'progress', phase, done: rows, total: rows }),
      onWarning: (code, message, hint) => writer.event({ type: 'warning', code, message, hint }),
    });
  } catch (error) {
    if (abort.signal.aborted) return { state: 'stopped', metrics: {} };
    throw error;
  } finally {
    unsubscribe();
  }
  const device = request.device ?? (await chooseDevice(run.target.local.device));
  const loop = await TrainingLoop.create(request, prepared, device);
  try {
    return await loop.run();
  } finally {
    await loop.dispose();
  }
}

/** One run while it trains. */
class TrainingLoop {
  readonly #run: ResolvedRun;
  readonly #writer: RunWriter;
  readonly #stop: StopRequest;
  readonly #prepared: PreparedRun;
  readonly #engine: TrainingEngine;
  readonly #plan: StepPlan;
  readonly #history: History;
  readonly #lengths: Int32Array;
  readonly #metrics: Record<string, number> = {};
  #savedStep = -1;

  private constructor(
    request: TrainRequest,
    prepared: PreparedRun,
    engine: TrainingEngine,
    device: DeviceInfo,
  ) {
    const { run } = request;
    this.#run = run;
    this.#writer = request.writer;
    this.#stop = request.stop;
    this.#prepared = { ...prepared, description: { ...prepared.description, labels: prepared.labels } };
    this.#engine = engine;
    this.#lengths = rowLengths(prepared.train.data.sequences);
    this.#plan = planSteps(run.train, this.#lengths.length);
    this.#history = new History(run.train, this.#plan, device.threads ?? null);
  }

  static async create(
    request: TrainRequest,
    prepared: PreparedRun,
    device: DeviceInfo,
  ): Promise<TrainingLoop> {
    const { run, writer } = request;
    const size = Math.min(run.train.per_device_train_batch_size, rowCount(prepared.train.data.sequences));
    const engine = await createEngine(prepared.spec, prepared.values, {
      device,
      limits: {
        tokens: size * prepared.train.report.longest,
        sequences: size,
        length: prepared.train.report.longest,
      },
      accumulates: run.train.gradient_accumulation_steps > 1,
    });
    const loop = new TrainingLoop(request, prepared, engine, device);
    if (request.resume) await loop.#resume(writer.dir);
    return loop;
  }

  async run(): Promise<TrainOutcome> {
    const { train } = this.#run;
    const { totalSteps, stepsPerEpoch } = this.#plan;
    this.#writer.event({ type: 'state', state: 'running' });
    const meter = new ProgressMeter(this.#writer, 'train', totalSteps, this.#engine.step);
    while (this.#engine.step < totalSteps) {
      if (this.#stop.requested) return await this.#stopWithCheckpoint();
      const step = await this.#oneStep();
      meter.update(step);
      const endOfEpoch = step % stepsPerEpoch === 0;
      if (isDue(train.eval_strategy, train.eval_steps, step, endOfEpoch) && step < totalSteps) {
        await this.#evaluate(step);
        this.#writer.event({ type: 'state', state: 'running' });
      }
      if (isDue(train.save_strategy, train.save_steps, step, endOfEpoch)) await this.#save(step);
      await setImmediate();
    }
    if (this.#prepared.eval && !this.#stop.requested) await this.#evaluate(totalSteps);
    if (train.load_best_model_at_end) await this.#loadBest();
    await this.#writeOutput();
    return { state: 'finished', metrics: this.#metrics };
  }

  async dispose(): Promise<void> {
    await this.#engine.dispose();
  }

  /** One optimizer step over one accumulation window. Returns its number, from 1. */
  async #oneStep(): Promise<number> {
    const { train } = this.#run;
    const started = performance.now();
    const done = this.#engine.step;
    const batches = this.#batchesOf(done);
    const targets = batches.reduce((sum, batch) => sum + batch.targets, 0);
    let loss = 0;
    for (const [microBatch, batch] of batches.entries()) {
      loss += await this.#engine.accumulate(batch.feeds, 1 / targets, {
        seed: train.seed,
        step: done,
        microBatch,
      });
    }
    const { warmup, totalSteps } = this.#plan;
    const learningRate =
      train.learning_rate * scheduleFactor(train.lr_scheduler_type, done, warmup, totalSteps);
    const gradNorm = await this.#engine.update({
      learningRate,
      weightDecay: train.weight_decay,
      beta1: train.adam_beta1,
      beta2: train.adam_beta2,
      epsilon: train.adam_epsilon,
      maxGradNorm: train.max_grad_norm,
    });
    const step = done + 1;
    const tokens = batches.reduce((sum, batch) => sum + batch.tokens, 0);
    this.#report(step, {
      loss,
      learning_rate: learningRate,
      grad_norm: gradNorm,
      tokens_per_second: tokens / ((performance.now() - started) / 1000),
    });
    if (!Number.isFinite(loss) || !Number.isFinite(gradNorm)) throw notANumber(step, loss, learningRate);
    return step;
  }

  #batchesOf(step: number) {
    const { train } = this.#run;
    const { batchesPerEpoch, stepsPerEpoch } = this.#plan;
    const size = train.per_device_train_batch_size;
    const window = train.gradient_accumulation_steps;
    const epoch = Math.floor(step / stepsPerEpoch);
    const order = this.#orderOf(epoch);
    const first = (step % stepsPerEpoch) * window;
    const count = Math.min(window, batchesPerEpoch - first);
    return Array.from({ length: count }, (_, i) => {
      const rows = order.subarray((first + i) * size, (first + i + 1) * size);
      return makeBatch(this.#prepared.train.data, rows, epoch * batchesPerEpoch + first + i);
    });
  }

  #order: { epoch: number; rows: Int32Array } | undefined;

  #orderOf(epoch: number): Int32Array {
    if (this.#order?.epoch === epoch) return this.#order.rows;
    const { train } = this.#run;
    const rows = epochOrder(this.#lengths.length, {
      seed: train.data_seed,
      epoch,
      strategy: train.train_sampling_strategy,
      lengths: this.#lengths,
      batchSize: train.per_device_train_batch_size * train.gradient_accumulation_steps,
    });
    this.#order = { epoch, rows };
    return rows;
  }

  #report(step: number, values: Record<string, number>): void {
    const epoch = step / this.#plan.stepsPerEpoch;
    Object.assign(this.#metrics, values);
    this.#history.addStep(step, epoch, values);
    const wire = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toWire(value)]));
    this.#writer.event({ type: 'metrics', split: 'train', step, epoch, values: wire });
  }

  async #evaluate(step: number): Promise<SplitMetrics | undefined> {
    const split = this.#prepared.eval;
    if (!split) return undefined;
    this.#writer.event({ type: 'state', state: 'evaluating' });
    const rows = rowCount(split.data.sequences);
    const meter = new ProgressMeter(this.#writer, 'evaluate', rows, 0);
    const values = await evaluateSplit(this.#engine, split.data, {
      batchSize: this.#run.train.per_device_eval_batch_size,
      labels: this.#prepared.labels,
      onProgress: (done) => meter.update(done),
      breathe: () => setImmediate(),
    });
    const epoch = step / this.#plan.stepsPerEpoch;
    Object.assign(this.#metrics, values);
    this.#history.addEvaluation(step, epoch, values);
    const wire = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toWire(value)]));
    this.#writer.event({ type: 'metrics', split: 'eval', step, epoch, values: wire });
    return values;
  }

  async #save(step: number): Promise<void> {
    if (step === this.#savedStep) return;
    const { description, trained } = this.#prepared;
    const path = `checkpoint-${step}`;
    this.#history.noteCheckpoint(path);
    saveCheckpoint(this.#writer.dir, step, {
      description,
      parameters: trained,
      values: await this.#engine.readParameters(),
      state: await this.#engine.readState(),
      trainerState: this.#history.state(step),
    });
    this.#savedStep = step;
    this.#writer.event({ type: 'checkpoint', step, path });
    rotateCheckpoints(this.#writer.dir, this.#run.train.save_total_limit, this.#history.bestCheckpoint);
  }

  async #stopWithCheckpoint(): Promise<TrainOutcome> {
    this.#writer.event({ type: 'state', state: 'stopping', reason: 'Writing a checkpoint first.' });
    await this.#save(this.#engine.step);
    return { state: 'stopped', metrics: this.#metrics };
  }

  async #resume(dir: string): Promise<void> {
    const newest = listCheckpoints(dir).at(-1);
    if (newest === undefined) return;
    const { state, trainerState } = readCheckpoint(join(dir, `checkpoint-${newest}`), this.#prepared.trained);
    await this.#engine.writeState(state, trainerState.global_step);
    this.#history.restore(trainerState);
    this.#savedStep = newest;
  }

  async #loadBest(): Promise<void> {
    const best = this.#history.bestCheckpoint;
    if (best === null) return;
    const { state } = readCheckpoint(join(this.#writer.dir, best), this.#prepared.trained);
    await this.#engine.writeState(state, this.#engine.step);
  }

  /** Writes `output/` whole or not at all. */
  async #writeOutput(): Promise<void> {
    const target = join(this.#writer.dir, RUN_FILES.output);
    const unfinished = `${target}.tmp`;
    try {
      rmSync(unfinished, { recursive: true, force: true });
      mkdirSync(unfinished);
      const { description, trained, tokenizer } = this.#prepared;
      saveModel(unfinished, description, trained, await this.#engine.readParameters());
      await tokenizer.copyTo(unfinished);
      rmSync(target, { recursive: true, force: true });
      renameSync(unfinished, target);
    } catch (error) {
      rmSync(unfinished, { recursive: true, force: true });
      throw explainWriteError(error, 'the trained model', target);
    }
  }
}

function isDue(strategy: string, every: number, step: number, endOfEpoch: boolean): boolean {
  if (strategy === 'epoch') return endOfEpoch;
  return strategy === 'steps' && step % Math.max(1, Math.round(every)) === 0;
}

function notANumber(step: number, loss: number, learningRate: number): TunebookError {
  return new TunebookError(
    'train/not-a-number',
    `The ${Number.isFinite(loss) ? 'gradient' : 'loss'} of step ${step} is not a number (learning rate ${learningRate}). The weights were kept as they were before that step.`,
    {
      hint: 'Lower learning_rate, raise warmup_steps, or set max_grad_norm; then look at the rows of that step.',
    },
  );
}
