/** What a checkpoint keeps of a loss scale. */
export interface LossScale {
  readonly scale: number;
  /** Steps since the scale changed last. */
  readonly growthTracker: number;
  /** Steps so far that changed nothing. */
  readonly skipped: number;
}

const GROWTH = 2;
const BACKOFF = 0.5;
const GROWTH_INTERVAL = 2000;

/**
 * The dynamic loss scale of mixed precision, with the numbers of torch.amp.GradScaler: 65536 at first; a gradient that is no number is
 * not applied and halves the scale; after 2000 steps in a row that were right it doubles.
 */
export class LossScaler {
  #state: LossScale = { scale: 65_536, growthTracker: 0, skipped: 0 };

  /** What losses are to be multiplied by. */
  get scale(): number {
    return this.#state.scale;
  }

  get skipped(): number {
    return this.#state.skipped;
  }

  /** For a checkpoint. */
  get state(): LossScale {
    return this.#state;
  }

  /** Notes whether the gradient of a step was a number, so that the step was taken. */
  update(isFinite: boolean): void {
    const { scale, growthTracker, skipped } = this.#state;
    if (!isFinite) this.#state = { scale: scale * BACKOFF, growthTracker: 0, skipped: skipped + 1 };
    else if (growthTracker + 1 < GROWTH_INTERVAL)
      this.#state = { scale, growthTracker: growthTracker + 1, skipped };
    else this.#state = { scale: scale * GROWTH, growthTracker: 0, skipped };
  }

  /** Goes on from what a checkpoint kept. */
  restore(state: LossScale): void {
    this.#state = state;
  }
}
