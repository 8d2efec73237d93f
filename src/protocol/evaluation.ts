/** The outcome of comparing candidates on a data set: computed once by the trainer, stored, and only shown elsewhere. */

/** A metric with its uncertainty: a 95 % confidence interval over `n` examples. */
export interface MetricEstimate {
  value: number;
  ci: [low: number, high: number];
  n: number;
  /** Where the evaluation was repeated with other seeds: how far their values lie apart. */
  repeats?: Spread;
}

/** The values of repeats: their mean, sample standard deviation and extremes, and the interval of the mean; one repeat has no `sd` and `ci`. */
export interface Spread {
  n: number;
  mean: number;
  min: number;
  max: number;
  sd?: number;
  ci?: [low: number, high: number];
}

/**
 * Two candidates on one metric. `difference` is `b - a`; `p` is two-sided; `test` names the test that gave it.
 * `pAdjusted` is `p` after Holm's correction over all pairs of the same metric: what a verdict goes by.
 */
export interface PairComparison {
  a: string;
  b: string;
  metric: string;
  difference: number;
  ci: [low: number, high: number];
  p: number;
  pAdjusted: number;
  test: string;
  /**
   * The smallest difference that these examples could have shown at the 5 % level, in the metric's unit; null where they
   * are too few to show any.
   */
  smallestDifference: number | null;
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
  /** What was measured: the model folder of each candidate, and the run that it came from. */
  sources?: Record<string, CandidateSource>;
  /** How the model behaved that judged the answers. */
  judge?: JudgeSummary;
  /** How a judge scored the answers, where it did. */
  rubric?: RubricSummary;
  /** Whether the objectives that are measured by this evaluation are met. */
  objectives?: ObjectiveVerdict[];
  confusion?: Record<string, ConfusionMatrix>;
  perLabel?: Record<string, LabelScore[]>;
  /** The labels of `perLabel` are types of entities, and `support` counts these. */
  isOfEntities?: true;
}

/** What a judge was asked, and how it behaved. Each pair of answers that differ is judged in both orders. */
export interface JudgeSummary {
  /** The judge in a few words: `gpt at http://localhost:8080/v1`. */
  name: string;
  questions: number;
  /** Answers of the judge without a verdict: rows with one count for no pair. */
  unread: number;
  /** Verdicts for the answer that was shown first, for the second, and for neither. */
  first: number;
  second: number;
  tied: number;
  /** Two-sided p of the exact binomial test of "the judge prefers either place as often": its position bias. */
  p: number;
  pairs: JudgedPair[];
}

/** Rows of a pair by who won them, seen from `b`. */
export interface JudgedPair {
  a: string;
  b: string;
  wins: number;
  losses: number;
  ties: number;
  /** Of the ties, rows where the two orders contradict each other. */
  disagreed: number;
  /** Of the ties, rows with equal answers, which are not asked about. */
  same: number;
  /** Rows without a verdict in one of the orders or in both; they are no ties. */
  unread: number;
}

/** What a judge scored answers by. */
export interface RubricSummary {
  /** The judge in a few words. */
  name: string;
  questions: number;
  criteria: RubricCriterion[];
}

/** One thing that answers are scored by. */
export interface RubricCriterion {
  /** The metric that it is: `rubric_politeness`. */
  metric: string;
  /** In the words of the config. */
  criteria: string;
  /** Scores with their words; scores between them may have none. */
  scale: Record<string, string>;
  lowest: number;
  /** Answers of the judge without a score: their rows do not count. */
  unread: number;
  /** How many answers of each candidate have each score, from the lowest on. */
  scores: Record<string, number[]>;
}

/** A line of `rubric.jsonl`: a record whose one output is the judge's, about the answer of a candidate to a row. */
export interface RubricRecord extends EvaluationRecord {
  /** What the judge said besides the score. */
  reason: string;
  /** Absent where none can be read from what the judge wrote. */
  score?: number;
  row: number;
  candidate: string;
  criterion: string;
}

/** A line of `judgements.jsonl`: a record whose one output is the judge's, about the answers of two candidates to a row. */
export interface JudgementRecord extends EvaluationRecord {
  row: number;
  first: string;
  second: string;
  /** Which answer is better; absent where that cannot be read from what the judge wrote. */
  verdict?: 'first' | 'second' | 'tie';
}

/** Whether an objective is met, and by which candidate; where none meets it, by which it nearly is. */
export interface ObjectiveVerdict {
  name: string;
  candidate: string;
  met: boolean;
  checks: ObjectiveCheck[];
}

/** One number that an objective asks for; `value` is null where the metric was not measured. */
export interface ObjectiveCheck {
  metric: string;
  comparison: '>=' | '<=' | '>' | '<';
  bound: number;
  value: number | null;
  met: boolean;
}

export interface CandidateSource {
  /** Absolute folder of the model or adapter. */
  folder: string;
  /** Id of the run whose `output/` the folder is. */
  run?: string;
  /** What a reader of the numbers must know, one sentence each: that the head of an untuned model is random, say. */
  notes?: string[];
  /** The name of a model behind an HTTP API; `folder` is then the address of the API. */
  endpoint?: string;
}

/**
 * One example and what candidates made of it. `records.jsonl` is append only and is written candidate by candidate, so that one
 * model is in memory at a time: several of its lines are of the same example, each with one candidate in `outputs`.
 * {@link mergeRecords} gives one record per example.
 */
export interface EvaluationRecord {
  index: number;
  /** Where the example stands: `data/test.csv:17`. */
  source: string;
  input: string;
  reference: string;
  /** Of rows with tagged words: the right entities, in the order of the text. */
  spans?: TextSpan[];
  outputs: Record<string, CandidateOutput>;
}

/** An entity in a text: its type, and the characters (UTF-16 units) from `start` to before `end`. */
export interface TextSpan {
  start: number;
  end: number;
  type: string;
}

export interface CandidateOutput {
  output: string;
  /**
   * Whether the output is the reference: of several labels or entities all of them and no others, and of numbers whether it lies nearer
   * to the true one than the mean of all true ones does.
   */
  correct: boolean;
  /** Probability that the candidate gives its output. */
  score: number;
  /** Milliseconds that this example took (its share of a batch). */
  latency: number;
  /** What the candidate was asked, as it was sent; left out where that is the input itself. */
  prompt?: string | { role: string; content: string }[];
  promptTokens?: number;
  /** Tokens of the answer. */
  outputTokens?: number;
  /** What ended the answer: a token, a stop string, or the most tokens that it may have. */
  finish?: 'eos' | 'stop' | 'length';
  /** What it cost, in the currency of the endpoint's prices. */
  cost?: number;
  /** Value of each metric that an example has by itself. */
  scores?: Record<string, number>;
  /**
   * The places of the labels that are given, or the number, where a row has several labels or a number; of each tagged word the place
   * of its tag, -1 where the model did not read the word.
   */
  values?: number[];
  /** The entities that are given, where words are tagged. */
  spans?: TextSpan[];
  /** Losses of the reference after the prompt. */
  loss?: ReferenceLoss;
  /** Log-likelihood of each label after the prompt, in the order of the labels. */
  logLikelihoods?: number[];
  /** What was answered in words, where `output` is the label that it names. */
  answer?: string;
  /** How often an endpoint was asked, where it was more than once. */
  attempts?: number;
  /** The answer to an equal prompt was taken. */
  cached?: true;
}

/** How well a candidate foresees the reference, in nats; what perplexity and bits per byte come from. */
export interface ReferenceLoss {
  /** Sum over the tokens of the reference, and the end-of-sequence token where there is one. */
  nll: number;
  tokens: number;
  /** Sum over the tokens of the reference alone. */
  textNll: number;
  /** UTF-8 bytes of the reference. */
  bytes: number;
}

/** Joins the lines of a `records.jsonl` to one record per example, by `index`; where a candidate answered twice the later counts. */
export function mergeRecords(lines: Iterable<EvaluationRecord>): EvaluationRecord[] {
  const merged = new Map<number, EvaluationRecord>();
  for (const line of lines) {
    const record = merged.get(line.index);
    if (record) Object.assign(record.outputs, line.outputs);
    else merged.set(line.index, { ...line, outputs: { ...line.outputs } });
  }
  return [...merged.values()].sort((a, b) => a.index - b.index);
}
