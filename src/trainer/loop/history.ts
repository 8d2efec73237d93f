import type { TrainingArguments } from '../../language/resolved.ts';
import { toWire, type WireNumber } from '../../protocol/numbers.ts';
import type { LogEntry, TrainerState } from '../checkpoint/trainer-state.ts';
import type { StepPlan } from './plan-steps.ts';

/** Keeps what `trainer_state.json` tells: the log as transformers writes it, and which checkpoint was best. */
export class History {
  readonly #train: TrainingArguments;
  readonly #plan: StepPlan;
  readonly #threads: number | null;
  #log: LogEntry[] = [];
  #lossSum = 0;
  #lossSteps = 0;
  #best: { metric: number; step: number; checkpoint: string | null } | undefined;

  constructor(train: TrainingArguments, plan: StepPlan, threads: number | null) {
    this.#train = train;
    this.#plan = plan;
    this.#threads = threads;
  }

  /** The folder of the best checkpoint so far, or null. */
  get bestCheckpoint(): string | null {
    return this.#best?.checkpoint ?? null;
  }

  /** Notes a training step; every `logging_steps` the mean loss goes into the log. */
  addStep(step: number, epoch: number, values: Readonly<Record<string, number>>): void {
    this.#lossSum += values['loss'] ?? 0;
    this.#lossSteps++;
    if (step % this.#train.logging_steps !== 0 && step !== this.#plan.totalSteps) return;
    this.#log.push({
      ...wire({ ...values, loss: this.#lossSum / this.#lossSteps }),
      epoch,
      step,
    });
    this.#lossSum = 0;
    this.#lossSteps = 0;
  }

  /** Notes an evaluation and whether it is the best so far, by `metric_for_best_model`. */
  addEvaluation(step: number, epoch: number, values: Readonly<Record<string, number>>): void {
    this.#log.push({ ...wire(values), epoch, step });
    const name = this.#train.metric_for_best_model ?? 'loss';
    const metric = values[name] ?? values[`eval_${name}`];
    if (metric === undefined || Number.isNaN(metric)) return;
    const greater = this.#train.greater_is_better ?? !name.endsWith('loss');
    if (this.#best && !(greater ? metric > this.#best.metric : metric < this.#best.metric)) return;
    this.#best = { metric, step, checkpoint: null };
  }

  /** A checkpoint is about to be written for the newest step; it is the best if that step's evaluation was. */
  noteCheckpoint(path: string): void {
    if (this.#best && path === `checkpoint-${this.#best.step}`) this.#best.checkpoint = path;
  }

  state(step: number): TrainerState {
    const { train, plan } = { train: this.#train, plan: this.#plan };
    return {
      best_metric: this.#best?.metric ?? null,
      best_model_checkpoint: this.bestCheckpoint,
      epoch: step / plan.stepsPerEpoch,
      global_step: step,
      max_steps: plan.totalSteps,
      num_train_epochs: Math.ceil(train.num_train_epochs),
      train_batch_size: train.per_device_train_batch_size,
      logging_steps: train.logging_steps,
      eval_steps: train.eval_steps,
      save_steps: train.save_steps,
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
    this.#log = state.log_history;
    this.#lossSum = state.tunebook.lossSum;
    this.#lossSteps = state.tunebook.lossSteps;
    if (state.best_metric !== null) {
      const step = Number(/-(\d+)$/.exec(state.best_model_checkpoint ?? '')?.[1] ?? -1);
      this.#best = { metric: state.best_metric, step, checkpoint: state.best_model_checkpoint };
    }
  }
}

function wire(values: Readonly<Record<string, number>>): Record<string, WireNumber> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toWire(value)]));
}
