import type { WireNumber } from '../../protocol/numbers.ts';
import type { LossScale } from '../loop/loss-scaler.ts';

/** One entry of `log_history`: what transformers logs at a step. */
export type LogEntry = { step: number; epoch: number } & Record<string, WireNumber>;

/** `trainer_state.json` as transformers writes it, as far as it has a meaning here, and what an exact resume needs. */
export interface TrainerState {
  /** The step whose evaluation was best so far, whether or not it has a checkpoint. */
  best_global_step: number | null;
  best_metric: number | null;
  best_model_checkpoint: string | null;
  epoch: number;
  global_step: number;
  /** Tokens that were trained on so far, padding not counted; not there in what did not count them. */
  num_input_tokens_seen?: number;
  max_steps: number;
  num_train_epochs: number;
  train_batch_size: number;
  logging_steps: number;
  eval_steps: number;
  save_steps: number;
  log_history: LogEntry[];
  is_local_process_zero: true;
  is_world_process_zero: true;
  /** Ours: sums since the last log entry, the thread count that a bit-exact resume needs, and of mixed precision the loss scale. */
  tunebook: {
    lossSum: number;
    lossSteps: number;
    threads: number | null;
    seed: number;
    lossScale?: LossScale;
  };
}
