import { PROBLEM_FORMATS, PROBLEM_TYPES, type ProblemType } from './formats.ts';

/** What each metric of an evaluation is, in a sentence, with the library whose numbers it equals. */
export const EVALUATION_METRICS = {
  accuracy:
    'Share of rows with the right label; with several labels a row, of rows whose labels are all right (subset accuracy); of tagged words, the share of words with the right tag.',
  macro_f1:
    'Mean of the F1 scores of all labels, or of all types of entities, so that rare ones count as much as frequent ones.',
  micro_f1: 'F1 over all rows together; for one label a row that is the accuracy.',
  acc: 'Share of rows of a multiple-choice `benchmark` whose likeliest choice is right, as lm-evaluation-harness counts it.',
  acc_norm:
    'The same with the log-likelihood of each choice divided by its characters, so that long choices are not at a disadvantage.',
  acc_bytes: 'The same with the log-likelihood of each choice divided by its UTF-8 bytes.',
  f1: 'F1 of entities in tagged words, over all rows and types together, as seqeval counts it: one is right where its type and both its ends are.',
  precision: 'Share of the entities given that are right, as seqeval counts it.',
  recall: 'Share of the true entities that are found, as seqeval counts it.',
  samples_f1: 'Mean over the rows of the F1 of their labels, where a row has several.',
  hamming_loss: 'Share of the labels of all rows that are wrong, where a row has several; smaller is better.',
  mse: 'Mean squared error of numbers; smaller is better.',
  mae: 'Mean absolute error of numbers; smaller is better.',
  r2: 'Coefficient of determination: the share of the variance that the predictions explain, as scikit-learn computes it.',
  pearson: 'Pearson’s correlation of predictions and true numbers, as SciPy computes it.',
  spearmanr: 'Spearman’s correlation of the ranks of predictions and true numbers, as SciPy computes it.',
  exact_match:
    'Share of answers that equal the expected one, without case, punctuation and articles, as SQuAD counts it.',
  token_f1:
    'F1 of the words that answer and expected answer share, without case, punctuation and articles, as SQuAD counts it.',
  rouge1: 'ROUGE-1: F1 of single words, as `rouge_score` computes it.',
  rouge2: 'ROUGE-2: F1 of pairs of words, as `rouge_score` computes it.',
  rougeL: 'ROUGE-L: F1 of the longest common subsequence of words, as `rouge_score` computes it.',
  bleu: 'BLEU over all answers, from 0 to 100, as sacreBLEU computes it.',
  chrf: 'chrF over all answers: F-score of letter sequences, from 0 to 100, as sacreBLEU computes it.',
  perplexity:
    'e to the mean loss of the expected tokens; smaller is better. Comparable between models with the same tokenizer only.',
  bits_per_byte:
    'Loss of the expected text in bits for each UTF-8 byte; smaller is better, and comparable whatever the tokenizer.',
  win_rate:
    'Share of rows whose answer the `judge` prefers to that of the other candidates, ties counting as half, as AlpacaEval counts it.',
  length: 'Characters of an answer.',
  latency: 'Milliseconds per row.',
  tokens_per_second: 'Tokens that are generated each second, by one request at a time.',
  cost: 'What all rows cost, by the prices of an `endpoint`; nothing for a model that runs here.',
} as const;

export type EvaluationMetric = keyof typeof EVALUATION_METRICS;

/** The metrics of a text classifier by what its rows have: the first ones are measured where nothing is said. */
export const PROBLEM_EVALUATION = {
  single_label_classification: ['accuracy', 'macro_f1', 'micro_f1'],
  multi_label_classification: ['micro_f1', 'macro_f1', 'samples_f1', 'accuracy', 'hamming_loss'],
  regression: ['pearson', 'spearmanr', 'mse', 'mae', 'r2'],
} as const satisfies Record<ProblemType, readonly EvaluationMetric[]>;

/** The metrics of a tagger, whose rows are words with a tag each: the first ones are measured where nothing is said. */
export const TAG_EVALUATION = [
  'f1',
  'precision',
  'recall',
  'macro_f1',
  'accuracy',
] as const satisfies readonly EvaluationMetric[];

/** How many of {@link TAG_EVALUATION} are measured where nothing is said. */
export const USUAL_TAG_METRICS = 3;

/** The metrics that compare labels, tags or numbers with those of the rows: they need rows that have some. */
export const LABEL_METRICS: readonly string[] = [
  ...new Set([...Object.values(PROBLEM_EVALUATION).flat(), ...TAG_EVALUATION]),
];

/** The formats whose rows a metric of {@link LABEL_METRICS} compares with. */
export function formatsMeasuredBy(metric: string): string[] {
  const formats: string[] = PROBLEM_TYPES.filter((problem) => list(problem).includes(metric)).map(
    (problem) => PROBLEM_FORMATS[problem],
  );
  return isTagMetric(metric) ? [...formats, 'tokens'] : formats;
}

/** Whether a metric measures taggers. */
export function isTagMetric(metric: string): boolean {
  return TAG_EVALUATION.some((each) => each === metric);
}

const list = (problem: ProblemType): readonly string[] => PROBLEM_EVALUATION[problem];

// SAFETY: the keys of an object literal are those of its type.
export const METRIC_NAMES = Object.keys(EVALUATION_METRICS) as EvaluationMetric[];

export const METRIC_SENTENCES: string[] = Object.values(EVALUATION_METRICS);
