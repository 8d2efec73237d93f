import type { TrainingArguments } from '../../language/resolved.ts';
import { warmupSteps } from './schedule.ts';

/** How long a run is, and after how many steps something is due; all in optimizer steps unless it says otherwise. */
export interface StepPlan {
  readonly batchesPerEpoch: number;
  /** Batches of one step; the last step of an epoch may have fewer. */
  readonly batchesPerStep: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** Epochs that are at least begun. */
  readonly epochs: number;
  readonly warmup: number;
  readonly loggingSteps: number;
  readonly evalSteps: number;
  readonly saveSteps: number;
}

/**
 * Counts steps as transformers' Trainer does: total = ⌈epochs · ⌈batches / accumulation⌉⌉, or `max_steps`; intervals
 * below 1 are shares of the total, rounded up.
 */
export function planSteps(train: TrainingArguments, rows: number): StepPlan {
  const size = train.per_device_train_batch_size;
  const batchesPerEpoch = Math.max(
    1,
    train.dataloader_drop_last ? Math.floor(rows / size) : Math.ceil(rows / size),
  );
  const batchesPerStep = train.gradient_accumulation_steps;
  const stepsPerEpoch = Math.ceil(batchesPerEpoch / batchesPerStep);
  const limited = train.max_steps > 0;
  const totalSteps = limited ? train.max_steps : Math.ceil(train.num_train_epochs * stepsPerEpoch);
  const interval = (steps: number) =>
    Math.max(1, steps < 1 ? Math.ceil(totalSteps * steps) : Math.floor(steps));
  return {
    batchesPerEpoch,
    batchesPerStep,
    stepsPerEpoch,
    totalSteps,
    epochs: Math.ceil(limited ? totalSteps / stepsPerEpoch : train.num_train_epochs),
    warmup: warmupSteps(train.warmup_steps, totalSteps),
    loggingSteps: interval(train.logging_steps),
    evalSteps: interval(train.eval_steps),
    saveSteps: interval(train.save_steps),
  };
}

/** Epochs done after `step` steps, counted in batches: the short last window of an epoch is a smaller part of it. */
export function epochAt(plan: StepPlan, step: number): number {
  const whole = Math.floor(step / plan.stepsPerEpoch);
  return whole + ((step % plan.stepsPerEpoch) * plan.batchesPerStep) / plan.batchesPerEpoch;
}

/**
 * Whether `eval_strategy` or `save_strategy` asks for its work after `step`, as transformers' DefaultFlowCallback and
 * the end of its epochs have it: both kinds of strategy ask at the last step too, wherever that falls.
 */
export function isDue(plan: StepPlan, strategy: string, every: number, step: number): boolean {
  const last = step === plan.totalSteps;
  if (strategy === 'epoch') return last || step % plan.stepsPerEpoch === 0;
  return strategy === 'steps' && (last || step % every === 0);
}
