import type { TrainingArguments } from '../../language/resolved.ts';
import { fromWire, toWire, type WireNumber } from '../../protocol/numbers.ts';
import type { LogEntry, TrainerState } from '../checkpoint/trainer-state.ts';
import { epochAt, type StepPlan } from './plan-steps.ts';

/** Keeps what `trainer_state.json` tells: the log as transformers writes it, and which checkpoint was best. */
export class History {
  readonly #train: TrainingArguments;
  readonly #plan: StepPlan;
  readonly #threads: number | null;
  #log: LogEntry[] = [];
  #lossSum = 0;
  #lossSteps = 0;
  #tokens: number | undefined = 0;
  #best: { metric: number; step: number } | undefined;
  #bestCheckpoint: string | null = null;

  constructor(train: TrainingArguments, plan: StepPlan, threads: number | null) {
    this.#train = train;
    this.#plan = plan;
    this.#threads = threads;
  }

  /** The folder of the best checkpoint so far, or null. */
  get bestCheckpoint(): string | null {
    return this.#bestCheckpoint;
  }

  /** Tokens that were trained on so far; undefined after a checkpoint that did not count them. */
  get tokens(): number | undefined {
    return this.#tokens;
  }

  /** Notes tokens that were trained on. */
  addTokens(count: number): void {
    if (this.#tokens !== undefined) this.#tokens += count;
  }

  /** Notes a training step; every `logging_steps` the mean loss goes into the log. */
  addStep(step: number, values: Readonly<Record<string, number>>): void {
    this.#lossSum += values['loss'] ?? 0;
    this.#lossSteps++;
    if (step % this.#plan.loggingSteps !== 0) return;
    const loss = this.#lossSum / this.#lossSteps;
    this.#log.push({ ...wire({ ...values, loss }), epoch: epochAt(this.#plan, step), step });
    this.#lossSum = 0;
    this.#lossSteps = 0;
  }

  /**
   * Notes an evaluation. Returns whether it is the best so far by `metric_for_best_model`; NaN never is, nor is an evaluation before
   * the first step, as in transformers. Without that argument there is no best.
   */
  addEvaluation(step: number, values: Readonly<Record<string, number>>): boolean {
    this.#log.push({ ...wire(values), epoch: epochAt(this.#plan, step), step });
    const { metric_for_best_model: name, greater_is_better } = this.#train;
    const metric = name === null ? undefined : values[evalName(name)];
    if (step === 0 || name === null || metric === undefined || Number.isNaN(metric)) return false;
    const greater = greater_is_better ?? !name.endsWith('loss');
    if (this.#best && !(greater ? metric > this.#best.metric : metric < this.#best.metric)) return false;
    this.#best = { metric, step };
    return true;
  }

  /**
   * Whether `early_stopping_patience` evaluations in a row brought no improvement (transformers' EarlyStoppingCallback). Read off
   * the log, so that a run that was resumed stops where an undisturbed one does.
   */
  get isStalled(): boolean {
    const {
      early_stopping_patience: patience,
      early_stopping_threshold,
      metric_for_best_model: name,
    } = this.#train;
    if (patience === null || name === null) return false;
    const greater = this.#train.greater_is_better ?? !name.endsWith('loss');
    let best: number | undefined;
    let without = 0;
    for (const entry of this.#log) {
      const logged = entry[evalName(name)];
      if (logged === undefined || entry.step === 0) continue;
      const metric = fromWire(logged);
      const gain = best === undefined ? Infinity : greater ? metric - best : best - metric;
      without = gain > early_stopping_threshold && gain > 0 ? 0 : without + 1;
      if (gain > 0) best = metric;
    }
    return without >= patience;
  }

  /** What an evaluation after `step` gave, when there was one. */
  evaluationAt(step: number): Record<string, number> | undefined {
    const entry = this.#log.find((found) => found.step === step && 'eval_loss' in found);
    if (!entry) return undefined;
    const { step: _step, epoch: _epoch, ...values } = entry;
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fromWire(value)]));
  }

  /** What the evaluation of the best checkpoint gave. */
  get bestEvaluation(): Record<string, number> | undefined {
    const step = /-(\d+)$/.exec(this.#bestCheckpoint ?? '')?.[1];
    return step === undefined ? undefined : this.evaluationAt(Number(step));
  }

  /** Tells which steps have a checkpoint; the best one is then known if its step is among them. */
  noteCheckpoints(steps: readonly number[]): void {
    if (this.#best && steps.includes(this.#best.step)) this.#bestCheckpoint = `checkpoint-${this.#best.step}`;
  }

  state(step: number): TrainerState {
    const { train, plan } = { train: this.#train, plan: this.#plan };
    return {
      best_global_step: this.#best?.step ?? null,
      best_metric: this.#best?.metric ?? null,
      best_model_checkpoint: this.#bestCheckpoint,
      epoch: epochAt(plan, step),
      global_step: step,
      ...(this.#tokens === undefined ? {} : { num_input_tokens_seen: this.#tokens }),
      max_steps: plan.totalSteps,
      num_train_epochs: plan.epochs,
      train_batch_size: train.per_device_train_batch_size,
      logging_steps: plan.loggingSteps,
      eval_steps: plan.evalSteps,
      save_steps: plan.saveSteps,
      log_history: this.#log,
      is_local_process_zero: true,
      is_world_process_zero: true,
      tunebook: {
        lossSum: this.#lossSum,
        lossSteps: this.#lossSteps,
        threads: this.#threads,
        seed: train.seed,
      },
    };
  }

  /** Goes on from what {@link state} gave. */
  restore(state: TrainerState): void {
    this.#log = [...state.log_history];
    this.#lossSum = state.tunebook.lossSum;
    this.#lossSteps = state.tunebook.lossSteps;
    this.#tokens = state.num_input_tokens_seen;
    this.#bestCheckpoint = state.best_model_checkpoint;
    if (state.best_metric !== null && state.best_global_step !== null)
      this.#best = { metric: state.best_metric, step: state.best_global_step };
  }
}

/** A metric's name as evaluations report it: `metric_for_best_model` may leave `eval_` out. */
export function evalName(metric: string): string {
  return metric.startsWith('eval_') ? metric : `eval_${metric}`;
}

function wire(values: Readonly<Record<string, number>>): Record<string, WireNumber> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toWire(value)]));
}
