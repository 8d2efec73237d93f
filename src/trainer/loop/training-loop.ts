import { setImmediate } from 'node:timers/promises';
import type { ResolvedRun } from '../../language/resolved.ts';
import { toWire } from '../../protocol/numbers.ts';
import type { DeviceInfo } from '../../protocol/run.ts';
import type { StopRequest } from '../../runs/stop.ts';
import type { RunWriter } from '../../runs/writer.ts';
import { findBroken } from '../checkpoint/broken-weights.ts';
import { listCheckpoints } from '../checkpoint/checkpoint.ts';
import type { TrainingEngine } from '../runtime/engine.ts';
import { evaluateSplit } from './evaluate-split.ts';
import { History } from './history.ts';
import { brokenBaseError, notANumberError, type NotANumber } from './not-a-number.ts';
import { rowsOf } from './objective.ts';
import { LossScaler } from './loss-scaler.ts';
import { epochAt, isDue, planSteps, type StepPlan } from './plan-steps.ts';
import type { PreparedRun } from './prepare.ts';
import { ProgressMeter } from './progress.ts';
import { SystemMeter } from './system-meter.ts';
import { completeAll, ReferenceModel } from './reference.ts';
import { preferenceOf, RewardTally, type RewardOptions } from './rewards.ts';
import { RunCheckpoints } from './run-checkpoints.ts';
import { createRunEngine, releaseStart } from './run-engine.ts';
import { scheduleFactor } from './schedule.ts';
import { takeStep } from './take-step.ts';
import { AccumulationWindows } from './windows.ts';
import { SampleWriter } from './write-samples.ts';

export interface TrainOutcome {
  readonly state: 'finished' | 'stopped';
  /** The last value of each metric; with `load_best_model_at_end` the evaluation is that of the best step. */
  readonly metrics: Record<string, number>;
}

export interface LoopOptions {
  readonly writer: RunWriter;
  readonly stop: StopRequest;
  readonly device: DeviceInfo;
  /** Go on from the newest checkpoint of the run directory. */
  readonly resume: boolean | undefined;
  readonly pause?: PauseHook | undefined;
  /** After which step to evaluate, save and stop, by the number of all steps; without it the last. */
  readonly until?: ((totalSteps: number) => number) | undefined;
}

/** How a loop finds out that it shall hold on, and does. */
export interface PauseHook {
  readonly requested: boolean;
  /** Says that from now on `requested` is looked at. */
  allow(): void;
  /** Resolves when the run may go on, or is to stop. */
  hold(): Promise<void>;
}

/** One run while it trains. */
export class TrainingLoop {
  readonly #run: ResolvedRun;
  readonly #writer: RunWriter;
  readonly #stop: StopRequest;
  readonly #pause: PauseHook | undefined;
  readonly #until: number;
  readonly #prepared: PreparedRun;
  readonly #engine: TrainingEngine;
  /** How pairs of answers are learnt from, and what they are compared with. */
  readonly #preference: RewardOptions | undefined;
  readonly #reference: ReferenceModel | undefined;
  readonly #plan: StepPlan;
  readonly #history: History;
  readonly #checkpoints: RunCheckpoints;
  readonly #windows: AccumulationWindows;
  /** Of mixed precision. */
  readonly #scaler: LossScaler | undefined;
  readonly #metrics: Record<string, number> = {};
  readonly #system: SystemMeter | undefined;
  #samples: SampleWriter | undefined;

  private constructor(
    run: ResolvedRun,
    prepared: PreparedRun,
    engine: TrainingEngine,
    reference: ReferenceModel | undefined,
    { writer, stop, device, pause, until }: LoopOptions,
  ) {
    this.#run = run;
    this.#writer = writer;
    this.#stop = stop;
    this.#pause = pause;
    this.#prepared = prepared;
    this.#engine = engine;
    this.#preference = preferenceOf(run);
    this.#reference = reference;
    this.#plan = planSteps(run.train, rowsOf(prepared.train.data));
    this.#until = until?.(this.#plan.totalSteps) ?? this.#plan.totalSteps;
    this.#windows = new AccumulationWindows(prepared.train.data, run.train, this.#plan);
    this.#scaler = run.train.fp16 ? new LossScaler() : undefined;
    this.#history = new History(run.train, this.#plan, device.threads ?? null);
    const [history, scaler] = [this.#history, this.#scaler];
    this.#checkpoints = new RunCheckpoints({ run, prepared, engine, writer, history, scaler });
    if (run.train.log_system_metrics)
      this.#system = new SystemMeter({ write: (event) => writer.event(event), device: device.device });
  }

  /** @throws TunebookError when the device cannot take the model, or `checkpoint/unreadable` */
  static async create(run: ResolvedRun, prepared: PreparedRun, options: LoopOptions): Promise<TrainingLoop> {
    const engine = await createRunEngine(run, prepared, options.device);
    const reference = await ReferenceModel.create(run, prepared, options.device);
    if (!reference) releaseStart(prepared);
    const loop = new TrainingLoop(run, prepared, engine, reference, options);
    loop.#samples = await SampleWriter.create(run, prepared, options.writer);
    if (options.resume) await loop.#checkpoints.resume(options.device.threads ?? null);
    return loop;
  }

  /** Trains what is left and writes `output/`, or a checkpoint when it is asked to stop. */
  async run(): Promise<TrainOutcome> {
    const { totalSteps } = this.#plan;
    await this.#askReference();
    this.#pause?.allow();
    this.#writer.event({ type: 'state', state: 'running' });
    const meter = new ProgressMeter(this.#writer, 'train', totalSteps, this.#engine.step);
    if (this.#engine.step === 0) await this.#beforeFirstStep();
    // A run that was stopped while it evaluated has that evaluation before it.
    else await this.#afterStep(this.#engine.step);
    while (this.#engine.step < this.#until && !this.#stop.requested && !this.#history.isStalled) {
      const step = await this.#oneStep();
      meter.update(step);
      this.#system?.update(step);
      await this.#afterStep(step);
      if (this.#samples?.isDue(step, totalSteps)) await this.#samples.write(this.#engine, step);
      await setImmediate();
      if (this.#pause?.requested && step < totalSteps) await this.#holdOn(this.#pause, step);
    }
    if (this.#history.isStalled && this.#engine.step < totalSteps) return await this.#finishEarly();
    const isEvaluated = !this.#prepared.eval || this.#history.evaluationAt(totalSteps) !== undefined;
    if (this.#engine.step < totalSteps || !isEvaluated) return await this.#stopWithCheckpoint();
    return await this.#finish();
  }

  async dispose(): Promise<void> {
    await this.#reference?.dispose();
    await this.#engine.dispose();
  }

  async #beforeFirstStep(): Promise<void> {
    if (!this.#run.train.eval_on_start || !this.#prepared.eval) return;
    await this.#evaluate(0);
    this.#writer.event({ type: 'state', state: 'running' });
  }

  /** Evaluates and saves where that is due. With evaluation data the last step is always evaluated. */
  async #afterStep(step: number): Promise<void> {
    const { train } = this.#run;
    const plan = this.#plan;
    const evaluates =
      isDue(plan, train.eval_strategy, plan.evalSteps, step) ||
      step === plan.totalSteps ||
      step === this.#until;
    const isBest = evaluates && (await this.#evaluate(step));
    const saves =
      train.save_strategy === 'best' ? isBest : isDue(plan, train.save_strategy, plan.saveSteps, step);
    if (saves) await this.#checkpoints.save(step);
    if (evaluates && this.#prepared.eval && step < plan.totalSteps)
      this.#writer.event({ type: 'state', state: 'running' });
  }

  /** One optimizer step over one accumulation window. Returns its number, from 1. */
  async #oneStep(): Promise<number> {
    const { train } = this.#run;
    const started = performance.now();
    const done = this.#engine.step;
    const { data } = this.#prepared.train;
    const batches = await completeAll(this.#reference, data, this.#windows.after(done));
    const rewards = this.#preference && new RewardTally(this.#preference);
    const { warmup, totalSteps: total } = this.#plan;
    const { lr_scheduler_type: type, lr_scheduler_kwargs: kwargs, learning_rate: peak } = train;
    const schedule = { type, kwargs, warmup, total, peak };
    const learningRate = peak * scheduleFactor(schedule, done - (this.#scaler?.skipped ?? 0));
    const scale = this.#scaler?.scale;
    const { loss, gradNorm } = await takeStep(
      this.#engine,
      batches,
      train,
      learningRate,
      (batch, observed) => rewards?.addObserved(batch, observed),
      this.#scaler,
    );
    const step = done + 1;
    const tokens = batches.reduce((sum, batch) => sum + batch.tokens, 0);
    const values = {
      loss,
      learning_rate: learningRate,
      grad_norm: gradNorm,
      tokens_per_second: tokens / ((performance.now() - started) / 1000),
      ...(scale === undefined ? {} : { loss_scale: scale }),
      ...rewards?.metrics(loss),
    };
    this.#history.addTokens(tokens);
    this.#writeMetrics('train', step, values);
    const isFinite = Number.isFinite(loss) && Number.isFinite(gradNorm);
    this.#scaler?.update(isFinite);
    // A scale below one makes no gradient fit that is too large by itself.
    if (!isFinite && (this.#scaler?.scale ?? 0) < 1)
      return await this.#giveUp({ step, loss, gradNorm, learningRate, float16: train.fp16 });
    if (isFinite) this.#history.addStep(step, values);
    else this.#tellSkipped(step, scale ?? 1);
    return step;
  }

  #tellSkipped(step: number, scale: number): void {
    this.#writer.event({
      type: 'warning',
      code: 'train/step-skipped',
      message: `Step ${step} changed nothing: its gradient does not fit float16 at a loss scale of ${scale}. The next one has ${scale / 2}.`,
    });
  }

  /** Has the reference look at every pair once, where the run asks for it. */
  async #askReference(): Promise<void> {
    if (!this.#reference || !this.#run.method.dpo?.precompute_ref_log_probs) return;
    for (const split of [this.#prepared.train, this.#prepared.eval]) {
      if (split?.data.kind !== 'preference') continue;
      const meter = new ProgressMeter(this.#writer, 'reference', rowsOf(split.data), 0);
      await this.#reference.precompute(split.data, {
        batchSize: this.#run.train.per_device_train_batch_size,
        isStopped: () => this.#stop.requested,
        onProgress: (done) => meter.update(done),
        breathe: () => setImmediate(),
      });
    }
  }

  #writeMetrics(split: 'train' | 'eval', step: number, values: Readonly<Record<string, number>>): void {
    Object.assign(this.#metrics, values);
    const { tokens } = this.#history;
    this.#writer.event({
      type: 'metrics',
      split,
      step,
      epoch: epochAt(this.#plan, step),
      ...(tokens === undefined ? {} : { tokens }),
      values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toWire(value)])),
    });
  }

  /** Evaluates, unless that was done or a stop is asked for. Returns whether the result is the best so far. */
  async #evaluate(step: number): Promise<boolean> {
    const split = this.#prepared.eval;
    if (!split || this.#stop.requested || this.#history.evaluationAt(step)) return false;
    this.#writer.event({ type: 'state', state: 'evaluating' });
    const preference = this.#preference;
    const meter = new ProgressMeter(this.#writer, 'evaluate', rowsOf(split.data), 0);
    const values = await evaluateSplit(this.#engine, split.data, {
      batchSize: this.#run.train.per_device_eval_batch_size,
      labels: this.#prepared.labels,
      labelSmoothing: this.#run.train.label_smoothing_factor,
      ...(preference ? { preference: { ...preference, reference: this.#reference } } : {}),
      isStopped: () => this.#stop.requested,
      onProgress: (done) => meter.update(done),
      breathe: () => setImmediate(),
    });
    if (!values) return false;
    this.#writeMetrics('eval', step, values);
    return this.#history.addEvaluation(step, values);
  }

  /** Saves a checkpoint, so that a machine that is switched off meanwhile takes nothing with it, and waits. */
  async #holdOn(pause: PauseHook, step: number): Promise<void> {
    await this.#checkpoints.save(step);
    await pause.hold();
    if (!this.#stop.requested) this.#writer.event({ type: 'state', state: 'running' });
  }

  async #stopWithCheckpoint(): Promise<TrainOutcome> {
    this.#writer.event({ type: 'state', state: 'stopping', reason: 'Writing a checkpoint first.' });
    await this.#checkpoints.save(this.#engine.step);
    return { state: 'stopped', metrics: this.#metrics };
  }

  async #finishEarly(): Promise<TrainOutcome> {
    const { early_stopping_patience, metric_for_best_model } = this.#run.train;
    this.#writer.event({
      type: 'warning',
      code: 'run/stopped-early',
      message: `Stopped after step ${this.#engine.step} of ${this.#plan.totalSteps}: ${metric_for_best_model ?? ''} did not improve in ${early_stopping_patience} evaluations.`,
    });
    return await this.#finish();
  }

  async #finish(): Promise<TrainOutcome> {
    if (this.#run.train.load_best_model_at_end)
      Object.assign(this.#metrics, await this.#checkpoints.loadBest());
    await this.#checkpoints.writeOutput();
    return { state: 'finished', metrics: this.#metrics };
  }

  /** Ends the run at a step that went wrong. The engine leaves weights alone where the gradient is no number. */
  async #giveUp(what: NotANumber): Promise<never> {
    const broken = findBroken(this.#prepared.parameters, this.#prepared.sources);
    if (broken) throw brokenBaseError(what, broken);
    const step = Number.isFinite(what.gradNorm) ? what.step : what.step - 1;
    this.#engine.step = step;
    const finite = await this.#hasFiniteWeights();
    if (finite) await this.#checkpoints.save(step);
    throw notANumberError(what, { finite, checkpoint: listCheckpoints(this.#writer.dir).at(-1) });
  }

  async #hasFiniteWeights(): Promise<boolean> {
    for (const { value } of (await this.#engine.readState()).values())
      if (!value.every(Number.isFinite)) return false;
    return true;
  }
}
