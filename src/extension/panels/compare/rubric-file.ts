import type { RubricRecord } from '../../../protocol/evaluation.ts';
import { parseJudged } from './judgement-file.ts';
import { RowLines, tailFields } from './row-lines.ts';

/** What stands at the end of each line, behind texts in which a quote would be escaped. */
const TAIL = /(?:,"score":\d+)?,"row":\d+,"candidate":"[^\n]*\}$/;

type Tail = Pick<RubricRecord, 'row' | 'candidate' | 'criterion' | 'score'>;

/** How a judge scored answers in `rubric.jsonl`: scores are kept, texts are read when a row is opened. A later answer counts. */
export class RubricFile extends RowLines<Tail> {
  constructor(path: string) {
    // SAFETY: the expression lets these fields alone through, written by the trainer from values of this type.
    super(path, (end) => tailFields(end, TAIL) as Tail | undefined);
  }

  /** The scores of a candidate's answer to a row, by criterion; undefined where it has none. */
  scoresOf(row: number, candidate: string): Record<string, number> | undefined {
    const own = (this.tailsOf(row) ?? []).filter((tail) => tail.candidate === candidate);
    const scored = new Map(own.map(({ criterion, score }) => [criterion, score]));
    // Several are asked at once, so the order of the file is that of no person.
    const told = [...scored]
      .sort(byCriterion)
      .flatMap(([criterion, score]) => (score === undefined ? [] : [[criterion, score] as const]));
    return told.length === 0 ? undefined : Object.fromEntries(told);
  }

  /** What the judge said of a candidate's answer to a row, one a criterion; a damaged line is left out. */
  of(row: number, candidate: string): RubricRecord[] {
    const lines = this.linesOf(row, (tail) => tail.candidate === candidate);
    const records = lines.flatMap((line) => parseJudged<RubricRecord>(line) ?? []);
    const latest = [...new Map(records.map((record) => [record.criterion, record]))];
    return latest.sort(byCriterion).map(([, record]) => record);
  }
}

function byCriterion([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
