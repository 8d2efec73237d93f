import type { Feeds } from './feeds.ts';

/** The numbers of one optimizer step, made by the schedule and the config. */
export interface StepSettings {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Largest global L2 norm of the gradient; 0 switches clipping off, as in TrainingArguments. */
  readonly maxGradNorm: number;
  /** What the losses of this step were multiplied by, so that float16 holds their gradients; 1 when absent. */
  readonly lossScale?: number;
  /** How many of the steps before this one changed nothing, as their gradient was no number; bias correction does not count them. */
  readonly skipped?: number;
}

/** One trained parameter's state, on the host. */
export interface ParameterState {
  readonly value: Float32Array;
  /** What the optimizer keeps of it, by the names of `optimizerState`. */
  readonly optimizer: ReadonlyMap<string, Float32Array>;
}

/** What a language model makes of each target. */
export interface TargetScores {
  /** `[targets]`: cross entropy in nats, smoothed as the training loss is. */
  readonly loss: Float32Array;
  /** `[targets]`: the likeliest token. */
  readonly prediction: Int32Array;
  /** Where the run learns from pairs of answers: the loss of each pair `[pairs]`, and the log-probability of its chosen and its rejected answer `[pairs, 2]`. */
  readonly pairs?: { readonly loss: Float32Array; readonly logps: Float32Array };
}

/** Where a batch's random masks come from: the seed, the optimizer step and the micro-batch within it. */
export interface DropoutKey {
  readonly seed: number;
  readonly step: number;
  readonly microBatch: number;
}

/**
 * Trains one model on one device. A step is one or more {@link accumulate} calls and one {@link update}. The same
 * interface on every device, so the loop knows nothing of memory.
 */
export interface TrainingEngine {
  /** Adds a batch's gradients to those of this step. Returns the loss, already multiplied by `lossWeight`. */
  accumulate(feeds: Feeds, lossWeight: number, key: DropoutKey): Promise<number>;
  /** What the last batch gave beside its loss, by the names of `PAIR_OUTPUTS`; nothing where the run does not learn from pairs. */
  readonly observed: Readonly<Record<string, Float32Array>>;
  /**
   * Clips, applies the optimizer, clears the gradients. Returns the gradient's L2 norm before clipping, without the loss scale. Where that is no
   * number, weights and moments stay as they are.
   */
  update(settings: StepSettings): Promise<number>;
  /** Optimizer steps done; bias correction counts them. */
  step: number;
  /** Logits of a batch, without dropout: `[rows, classes]` float32, row by row. */
  predict(feeds: Feeds): Promise<Float32Array>;
  /** What a language model makes of the targets of a batch, without dropout and without all logits at once. */
  score(feeds: Feeds): Promise<TargetScores>;
  /** The values of every parameter, trained and frozen. */
  readParameters(): Promise<Map<string, Float32Array>>;
  /** The state of every trained parameter. The arrays may be views of live memory: use them before the next step. */
  readState(): Promise<Map<string, ParameterState>>;
  /** Puts back what {@link readState} gave. */
  writeState(state: ReadonlyMap<string, ParameterState>, step: number): Promise<void>;
  dispose(): Promise<void>;
}
