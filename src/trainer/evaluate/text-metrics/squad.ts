import { countCommon, countItems } from './ngrams.ts';
import { PUNCTUATION, splitWords } from './python-text.ts';

/** Python's `\b` knows the letters of every alphabet; JavaScript's only those of English. */
const ARTICLES = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;
const PUNCTUATION_MARKS = new Set(PUNCTUATION);

/**
 * An answer as SQuAD compares it: lower case, without ASCII punctuation, without English articles, single spaces
 * (`normalize_answer` of its evaluation script, also `transformers.data.metrics.squad_metrics`).
 */
export function normalizeAnswer(text: string): string {
  const bare = [...text.toLowerCase()].filter((character) => !PUNCTUATION_MARKS.has(character)).join('');
  return splitWords(bare.replace(ARTICLES, ' ')).join(' ');
}

/** 1 where output and reference are the same normalised answer, else 0: SQuAD's `compute_exact`. */
export function exactMatch(output: string, reference: string): number {
  return normalizeAnswer(output) === normalizeAnswer(reference) ? 1 : 0;
}

/**
 * F1 of the words that output and reference have in common, from 0 to 1: SQuAD's `compute_f1`. Where one of them has no words it
 * is 1 if the other has none either, else 0.
 */
export function tokenF1(output: string, reference: string): number {
  const predicted = splitWords(normalizeAnswer(output));
  const gold = splitWords(normalizeAnswer(reference));
  if (predicted.length === 0 || gold.length === 0) return predicted.length === gold.length ? 1 : 0;
  const same = countCommon(countItems(gold), countItems(predicted));
  if (same === 0) return 0;
  const precision = same / predicted.length;
  const recall = same / gold.length;
  return (2 * precision * recall) / (precision + recall);
}
