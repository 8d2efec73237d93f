import type { EvaluationResult } from './evaluation.ts';
import type { WireNumber } from './numbers.ts';

/**
 * What happens in a run, one JSON object a line of `events.jsonl`. The file is append only and is the truth:
 * the tree, the panels and the command line fold these events with one reducer (`runs/reduce.ts`).
 */

/** The states of a run that its own process writes, in the order in which they are gone through. */
export const WRITTEN_STATES = [
  'queued',
  'preparing',
  'running',
  'evaluating',
  'paused',
  'stopping',
  'stopped',
  'finished',
  'failed',
] as const;

/** Where a run stands. `lost` is never written: a reader concludes it from a dead process (see `runs/`). */
export type RunState = (typeof WRITTEN_STATES)[number] | 'lost';

/** Whether a run in this state has ended and its process has nothing more to do. */
export function isFinal(state: RunState): boolean {
  return state === 'stopped' || state === 'finished' || state === 'failed' || state === 'lost';
}

/** A change of state. `reason` is a sentence for people, e.g. why a run waits or was stopped. */
export interface StateEvent {
  type: 'state';
  state: Exclude<RunState, 'lost'>;
  reason?: string;
}

/** How far the work has come. Written at most a few times a second, and at the end of each phase. */
export interface ProgressEvent {
  type: 'progress';
  /** What is being counted: optimizer steps while training, examples while evaluating, files while loading, bytes of a download, runs in a sweep. */
  phase: 'download' | 'load' | 'tokenize' | 'reference' | 'measure' | 'train' | 'evaluate' | 'save' | 'sweep';
  done: number;
  total: number;
  /** `done` per second over the recent past. */
  rate?: number;
  /** Seconds until `done` reaches `total` at that rate. */
  secondsLeft?: number;
}

/**
 * Numbers of one step. `train` metrics carry the names of Hugging Face's log history: `loss`, `learning_rate`,
 * `grad_norm`, and `tokens_per_second`; `eval` metrics are `eval_loss`, `eval_accuracy`, `eval_macro_f1`, …
 */
export interface MetricsEvent {
  type: 'metrics';
  split: 'train' | 'eval';
  /** Optimizer step, from 1; 0 is before training. */
  step: number;
  /** Epochs done, with a fraction. */
  epoch: number;
  /** Tokens that were trained on so far, padding not counted; not there where nobody counted them. */
  tokens?: number;
  values: Record<string, WireNumber>;
}

/**
 * What the process of the run takes of its machine, every few seconds: `cpu_percent` (100 is one core), `memory_megabytes` (resident,
 * in MiB), and where `nvidia-smi` tells them `gpu_percent` and `gpu_memory_megabytes` of the card.
 */
export interface SystemEvent {
  type: 'system';
  /** The optimizer step that was done last. */
  step: number;
  values: Record<string, WireNumber>;
}

/** Text that the model generated during training. */
export interface SampleEvent {
  type: 'sample';
  step: number;
  prompt: string;
  output: string;
}

/** Something a person should know, while the run goes on. `code` is stable; `hint` says what to do. */
export interface WarningEvent {
  type: 'warning';
  code: string;
  message: string;
  hint?: string;
}

/** A checkpoint that is whole on disk. `path` is relative to the run directory. */
export interface CheckpointEvent {
  type: 'checkpoint';
  step: number;
  path: string;
}

/** The result of an evaluation document, or of the evaluation at the end of a run. */
export interface EvaluationEvent {
  type: 'evaluation';
  name: string;
  result: EvaluationResult;
}

/** Why the run failed. `message` says what, where and why; `hint` says what to do next. No stack traces. */
export interface ErrorEvent {
  type: 'error';
  code: string;
  message: string;
  hint?: string;
}

export type RunEventBody =
  | StateEvent
  | ProgressEvent
  | MetricsEvent
  | SampleEvent
  | SystemEvent
  | WarningEvent
  | CheckpointEvent
  | EvaluationEvent
  | ErrorEvent;

/** One line of `events.jsonl`. `seq` counts from 1 without gaps; `time` is ISO 8601 in UTC with milliseconds. */
export type RunEvent = RunEventBody & { seq: number; time: string };
