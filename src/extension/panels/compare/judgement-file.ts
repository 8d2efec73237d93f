import type { JudgeChip } from '../../../protocol/compare.ts';
import type { EvaluationRecord, JudgementRecord } from '../../../protocol/evaluation.ts';
import { RowLines, tailFields } from './row-lines.ts';

/** What stands at the end of each line, behind texts in which a quote would be escaped. */
const TAIL = /(?:,"verdict":"(?:first|second|tie)")?,"row":\d+,"first":"[^\n]*\}$/;

type Tail = Pick<JudgementRecord, 'row' | 'first' | 'second' | 'verdict'>;

/** What a judge said of each two answers in `judgements.jsonl`: verdicts are kept, texts are read when a row is opened. */
export class JudgementFile extends RowLines<Tail> {
  constructor(path: string) {
    // SAFETY: the expression lets these fields alone through, written by the trainer from values of this type.
    super(path, (end) => tailFields(end, TAIL) as Tail | undefined);
  }

  /**
   * What becomes of a row when `b` is measured against `a`: it is decided where both orders say the same. Undefined where the judge has
   * not been asked in both, as about equal answers.
   */
  chipOf(row: number, a: string, b: string): JudgeChip | undefined {
    const tails = this.tailsOf(row);
    if (!tails) return undefined;
    const winners = new Map<string, string | undefined>();
    for (const { first, second, verdict } of tails) {
      if (!(first === a && second === b) && !(first === b && second === a)) continue;
      winners.set(first, verdict === 'first' ? first : verdict === 'second' ? second : verdict);
    }
    if (winners.size < 2) return undefined;
    const [one, other] = winners.values();
    if (one === undefined || one !== other) return 'judge-undecided';
    return one === b ? 'judged-better' : one === a ? 'judged-worse' : 'judged-tie';
  }

  /** What the judge said of a row, in the order in which it was asked; a damaged line is left out. */
  of(row: number): JudgementRecord[] {
    return this.linesOf(row).flatMap((line) => {
      const record = parseJudged<JudgementRecord>(line);
      return typeof record?.first === 'string' && typeof record.second === 'string' ? [record] : [];
    });
  }
}

/** A line that holds an answer of a judge; undefined for a damaged one. */
export function parseJudged<Judged extends EvaluationRecord>(line: string): Judged | undefined {
  try {
    // SAFETY: the trainer writes whole lines from values of this type, and the parts that are read are looked at here.
    const record = JSON.parse(line) as Judged;
    return Object.values(record.outputs).every(({ output }) => typeof output === 'string')
      ? record
      : undefined;
  } catch {
    return undefined;
  }
}
