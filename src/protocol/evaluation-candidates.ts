import type { CandidateSource } from './evaluation.ts';
import type { FileFingerprint } from './run.ts';

/**
 * `candidates.json`: what an evaluation measures, settled before it begins, so that one which was interrupted goes on with the same
 * models and not with whatever is newest by then.
 */
export interface EvaluationCandidates {
  /** The data set and split, as written in the config. */
  data: string;
  examples: number;
  /** The labels, in the order of the confusion matrix. */
  labels: string[];
  candidates: Record<string, MeasuredCandidate>;
  /** The model that judges their answers. */
  judge?: MeasuredCandidate;
}

export interface MeasuredCandidate extends CandidateSource {
  /** Tokens after which its inputs are cut off. */
  maxLength: number;
  /** Every file that decides what it answers. */
  files: FileFingerprint[];
}
