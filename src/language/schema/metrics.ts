/** What each metric of an evaluation is, in a sentence, with the library whose numbers it equals. */
export const EVALUATION_METRICS = {
  accuracy: 'Share of rows with the right label.',
  macro_f1: 'Mean of the F1 scores of all labels, so that rare labels count as much as frequent ones.',
  micro_f1: 'F1 over all rows together; for one label a row that is the accuracy.',
  acc: 'Share of rows of a multiple-choice `benchmark` whose likeliest choice is right, as lm-evaluation-harness counts it.',
  acc_norm:
    'The same with the log-likelihood of each choice divided by its characters, so that long choices are not at a disadvantage.',
  acc_bytes: 'The same with the log-likelihood of each choice divided by its UTF-8 bytes.',
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
  length: 'Characters of an answer.',
  latency: 'Milliseconds per row.',
  tokens_per_second: 'Tokens that are generated each second, by one request at a time.',
  cost: 'What all rows cost, by the prices of an `endpoint`; nothing for a model that runs here.',
} as const;

export type EvaluationMetric = keyof typeof EVALUATION_METRICS;

/** The metrics that compare one label with another: they need rows with labels. */
export const LABEL_METRICS: readonly string[] = ['accuracy', 'macro_f1', 'micro_f1'];

// SAFETY: the keys of an object literal are those of its type.
export const METRIC_NAMES = Object.keys(EVALUATION_METRICS) as EvaluationMetric[];

export const METRIC_SENTENCES: string[] = Object.values(EVALUATION_METRICS);
