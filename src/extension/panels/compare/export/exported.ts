import type { EvaluationRecord, EvaluationResult } from '../../../../protocol/evaluation.ts';

/** What is exported: an evaluation and those of its rows that are shown, read one after another. */
export interface Exported {
  name: string;
  runId: string;
  candidates: readonly string[];
  result: EvaluationResult | undefined;
  rows: Iterable<EvaluationRecord>;
  /** Whether the rows are only some of those of the evaluation. */
  isPart: boolean;
}
