import type { TrainingArguments } from '../../language/resolved.ts';
import { warmupSteps } from './schedule.ts';

/** How long a run is, in optimizer steps. */
export interface StepPlan {
  readonly batchesPerEpoch: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly warmup: number;
}

/** Counts steps as transformers' Trainer does: total = ⌈epochs · ⌈batches / accumulation⌉⌉, or `max_steps`. */
export function planSteps(train: TrainingArguments, rows: number): StepPlan {
  const size = train.per_device_train_batch_size;
  const batchesPerEpoch = Math.max(
    1,
    train.dataloader_drop_last ? Math.floor(rows / size) : Math.ceil(rows / size),
  );
  const stepsPerEpoch = Math.ceil(batchesPerEpoch / train.gradient_accumulation_steps);
  const totalSteps =
    train.max_steps > 0 ? train.max_steps : Math.ceil(train.num_train_epochs * stepsPerEpoch);
  return { batchesPerEpoch, stepsPerEpoch, totalSteps, warmup: warmupSteps(train.warmup_steps, totalSteps) };
}
