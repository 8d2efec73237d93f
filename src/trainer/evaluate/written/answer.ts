import type { CandidateOutput } from '../../../protocol/evaluation.ts';

/** What a candidate made of a row, before it is scored. */
export interface WrittenAnswer {
  readonly row: number;
  readonly output: string;
  /** Milliseconds. */
  readonly latency: number;
  /** The prompt as it was sent; absent for a classifier. */
  readonly prompt?: NonNullable<CandidateOutput['prompt']>;
  /** Probability of the label among all labels; absent where a text was written. */
  readonly score?: number;
  /** Metrics that the row has by itself, where they come from more than the text. */
  readonly scores?: Readonly<Record<string, number>>;
  readonly detail: AnswerDetail;
}

/** What is kept of an answer besides its text. */
export type AnswerDetail = Pick<
  CandidateOutput,
  | 'promptTokens'
  | 'outputTokens'
  | 'finish'
  | 'cost'
  | 'loss'
  | 'logLikelihoods'
  | 'answer'
  | 'attempts'
  | 'cached'
>;

/** The answers of one candidate to all rows. */
export interface CandidateOutputs {
  readonly name: string;
  /** `[n]`. */
  readonly outputs: readonly CandidateOutput[];
  /** The answers of further repeats, `[repeats - 1][n]`, where the candidate varies. */
  readonly again?: readonly (readonly CandidateOutput[])[];
}
