import { longestCommonSubsequence } from './common-subsequence.ts';
import { countCommon, countItems, ngrams } from './ngrams.ts';
import { stem } from './porter.ts';

export interface RougeScore {
  precision: number;
  recall: number;
  fmeasure: number;
}

export type RougeType = 'rouge1' | 'rouge2' | 'rougeL';

/** Settings of `rouge_score.rouge_scorer.RougeScorer`. */
export interface RougeOptions {
  /** Compares the stems of words of more than three letters. Off by default, as there. */
  useStemmer?: boolean;
}

/**
 * ROUGE of an output against a reference, each value from 0 to 1: rouge-score's `RougeScorer([type], use_stemmer).score(reference,
 * output)`. Only a to z and 0 to 9 count, so a text in another alphabet has no words and scores 0.
 * C.-Y. Lin, "ROUGE: a package for automatic evaluation of summaries", 2004.
 */
export function rouge(
  type: RougeType,
  output: string,
  reference: string,
  { useStemmer = false }: RougeOptions = {},
): RougeScore {
  const predicted = tokenize(output, useStemmer);
  const target = tokenize(reference, useStemmer);
  if (type === 'rougeL') {
    if (predicted.length === 0 || target.length === 0) return { precision: 0, recall: 0, fmeasure: 0 };
    return scoreOf(longestCommonSubsequence(target, predicted), predicted.length, target.length);
  }
  const n = type === 'rouge1' ? 1 : 2;
  const [ofOutput, ofTarget] = [ngrams(predicted, n), ngrams(target, n)];
  const common = countCommon(countItems(ofTarget), countItems(ofOutput));
  return scoreOf(common, Math.max(ofOutput.length, 1), Math.max(ofTarget.length, 1));
}

function scoreOf(common: number, predicted: number, target: number): RougeScore {
  const precision = common / predicted;
  const recall = common / target;
  const sum = precision + recall;
  return { precision, recall, fmeasure: sum > 0 ? (2 * precision * recall) / sum : 0 };
}

function tokenize(text: string, useStemmer: boolean): string[] {
  const words = text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  return useStemmer ? words.map((word) => (word.length > 3 ? stem(word) : word)) : words;
}
