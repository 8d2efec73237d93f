/** What a run will do, found out before it starts: `tunebook plan --json` prints it. */
export interface RunPlan {
  readonly type: 'plan';
  readonly run: string;
  readonly device: string;
  readonly steps: number;
  readonly stepsPerEpoch: number;
  readonly warmupSteps: number;
  /** What a row of the training split is: as its data set says it, or as its columns do. */
  readonly format: string;
  /** Rows of the training split. */
  readonly rows: number;
  /** Rows to evaluate on, where there are some, and whether they are held out of the training split. */
  readonly evaluated?: { readonly rows: number; readonly heldOut: boolean };
  /** Rows of which the end was cut off. */
  readonly truncated: number;
  /** Rows with nothing to predict, which are left out. */
  readonly dropped: number;
  /** Of the rows that are left out those of which no token counts for the loss; of the others nothing to predict is left within `max_length`. */
  readonly masked: number;
  /** Where rows are packed: how many, into how many sequences, and how much of these is filled, as a share. */
  readonly packing?: { readonly rows: number; readonly sequences: number; readonly filled: number };
  /** Tokens of one epoch, and of the longest row. */
  readonly tokens: number;
  readonly longest: number;
  /** What batches padded to their longest row would have been besides, as a share of the whole; it is not computed. */
  readonly paddingShare: number;
  readonly parameters: { readonly total: number; readonly trained: number };
  /** Bytes that come to lie on the disk: of one checkpoint, of the result, and of all that is kept at once. */
  readonly disk: { readonly checkpoint: number; readonly output: number; readonly most: number };
  /** Bytes of weights, gradients and moments, with the weights that DPO's reference keeps. */
  readonly stateMemory: number;
  /** On a GPU: bytes that certainly lie in its memory, and those that are free there, which is not known. */
  readonly gpuMemory?: { readonly needed: number; readonly free: null };
  /**
   * Bytes that the largest batch needs on top, as the graphs of the CPU have it; onnxruntime's arena may keep several times as much: with all that layers make kept for the way
   * back, and with `gradient_checkpointing`; `used` is that of the two which the run has.
   */
  readonly batchMemory: { readonly used: number; readonly kept: number; readonly checkpointed: number };
  /** Why no step was taken although they were wanted, as sentences, with how to take them all the same. */
  readonly notMeasured?: string;
  /** Measured on a few steps of the run itself; absent where they were not wanted, or not taken. */
  readonly probe?: {
    readonly steps: number;
    readonly millisecondsPerStep: number;
    /** Of all steps, without evaluations: an estimate. */
    readonly seconds: number;
    /** The most memory that the process had, in bytes. */
    readonly peakMemory: number;
  };
  readonly examples: readonly PlannedExample[];
}

/** A row as the model sees it. */
export interface PlannedExample {
  /** Stretches of the text in order, and whether their tokens take part in the loss. */
  readonly segments: readonly { readonly text: string; readonly counts: boolean }[];
  readonly tokens: number;
  readonly label?: string;
}
