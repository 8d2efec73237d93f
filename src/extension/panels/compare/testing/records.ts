import { writeFileSync } from 'node:fs';
import type { CandidateOutput, EvaluationRecord } from '../../../../protocol/evaluation.ts';

/** An answer; its score is 0.5 and it took 1 ms unless told otherwise. */
export function answer(
  output: string,
  correct: boolean,
  more: Partial<CandidateOutput> = {},
): CandidateOutput {
  return { output, correct, score: 0.5, latency: 1, ...more };
}

/** A record line as the trainer writes it: of one candidate or several. */
export function record(
  index: number,
  outputs: Record<string, CandidateOutput>,
  more: Partial<EvaluationRecord> = {},
): EvaluationRecord {
  return {
    index,
    source: `data/test.csv:${index + 2}`,
    input: `input ${index}`,
    reference: 'yes',
    outputs,
    ...more,
  };
}

/** Writes a `records.jsonl`. */
export function writeRecords(path: string, records: readonly EvaluationRecord[]): void {
  writeFileSync(path, records.map((one) => `${JSON.stringify(one)}\n`).join(''));
}
