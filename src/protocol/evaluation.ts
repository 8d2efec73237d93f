/** The outcome of comparing candidates on a data set: computed once by the trainer, stored, and only shown elsewhere. */

/** A metric with its uncertainty: a 95 % confidence interval over `n` examples. */
export interface MetricEstimate {
  value: number;
  ci: [low: number, high: number];
  n: number;
}

/** Two candidates on one metric. `difference` is `b - a`; `p` is two-sided; `test` names the test that gave it. */
export interface PairComparison {
  a: string;
  b: string;
  metric: string;
  difference: number;
  ci: [low: number, high: number];
  p: number;
  test: string;
}

/** How often each true label (row) was predicted as each label (column). */
export interface ConfusionMatrix {
  labels: string[];
  counts: number[][];
}

/** Precision, recall and F1 of one label; `support` is how many examples truly have it. */
export interface LabelScore {
  label: string;
  precision: number;
  recall: number;
  f1: number;
  support: number;
}

export interface EvaluationResult {
  type: 'result';
  /** The data set and split, as written in the config: `intents.test`. */
  data: string;
  candidates: Record<string, Record<string, MetricEstimate>>;
  pairs: PairComparison[];
  /** One sentence that a person can act on. */
  verdict: string;
  confusion?: Record<string, ConfusionMatrix>;
  perLabel?: Record<string, LabelScore[]>;
}

/** One example and what each candidate made of it: a line of `records.jsonl`. */
export interface EvaluationRecord {
  index: number;
  /** Where the example stands: `data/test.csv:17`. */
  source: string;
  input: string;
  reference: string;
  outputs: Record<string, CandidateOutput>;
}

export interface CandidateOutput {
  output: string;
  correct: boolean;
  /** Probability that the candidate gives its output. */
  score: number;
  /** Milliseconds that this example took (its share of a batch). */
  latency: number;
}
