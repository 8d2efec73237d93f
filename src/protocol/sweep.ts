/** `result.json` of a sweep: written after each of its runs, so that what is known stands there at any time. */
export interface SweepResult {
  type: 'sweep';
  /** Without `eval_`. */
  metric: string;
  mode: 'max' | 'min';
  /** Paths of the fields that it varies. */
  fields: string[];
  /** Those with a number first, the best first; then the others in the order of the plan. */
  trials: SweepTrial[];
  /** Which run is best, in a sentence. */
  verdict: string;
}

/** A run of a sweep and what came of it so far. */
export interface SweepTrial {
  /** From 0, in the order of the plan. */
  index: number;
  name: string;
  /** Absent where it came to no run directory. */
  run?: string;
  values: Record<string, number | string | boolean | string[]>;
  state: 'finished' | 'held' | 'stopped' | 'failed';
  /** The value of the sweep's metric; absent where there is none, and where it is no number. */
  metric?: number;
  /** Why there is none. */
  why?: string;
}
