import {
  LONGEST_TEXT,
  type CompareDetail,
  type CompareRow,
  type DetailGrade,
  type DetailJudgement,
} from '../../../protocol/compare.ts';
import type { JudgementRecord, RubricRecord, TextSpan } from '../../../protocol/evaluation.ts';
import type { RecordTable } from './record-table.ts';

/** Characters of a text in a cell of the table. */
const CELL = 300;

/** The scores of an answer by a judge, by criterion, where it has some. */
export type ScoresOf = (row: number, candidate: string) => Record<string, number> | undefined;

/** Rows as the table shows them, read from the file. */
export function describeRows(
  table: RecordTable,
  rows: Iterable<number>,
  scoresOf: ScoresOf = () => undefined,
): CompareRow[] {
  const described: CompareRow[] = [];
  for (const row of rows) {
    const record = table.record(row);
    if (!record) continue;
    described.push({
      index: row,
      input: record.input.slice(0, CELL),
      reference: record.reference.slice(0, CELL),
      ...(record.spans ? { spans: withinCell(record.spans) } : {}),
      ...(record.input.length > CELL ? { isCut: true } : {}),
      answers: table.candidates.map((name) => {
        const answer = record.outputs[name];
        if (!answer) return null;
        const { output, correct, score, latency, cost, spans } = answer;
        const rubric = scoresOf(row, name);
        return {
          output: output.slice(0, CELL),
          correct,
          score,
          latency,
          ...(cost === undefined ? {} : { cost }),
          ...(rubric ? { rubric } : {}),
          ...(spans ? { spans: withinCell(spans) } : {}),
        };
      }),
    });
  }
  return described;
}

function withinCell(spans: readonly TextSpan[]): TextSpan[] {
  return spans.filter(({ end }) => end <= CELL);
}

/**
 * One row in full, as far as a page should hold it.
 *
 * @param place of the row in what is selected
 * @param told `edits`: outputs that a person wrote in the place of a candidate's, by its name; `judgements`: what a judge said of the row,
 *   `gradedOf`: and of one answer
 */
export function describeDetail(
  table: RecordTable,
  row: number,
  place: number,
  {
    edits = new Map(),
    judgements = [],
    gradedOf = () => [],
  }: {
    readonly edits?: ReadonlyMap<string, string>;
    readonly judgements?: readonly JudgementRecord[];
    readonly gradedOf?: (candidate: string) => readonly RubricRecord[];
  } = {},
): CompareDetail | undefined {
  const record = table.record(row);
  if (!record) return undefined;
  const cut: string[] = [];
  const shorten = (text: string, what: string) => {
    if (text.length > LONGEST_TEXT) cut.push(what);
    return text.slice(0, LONGEST_TEXT);
  };
  return {
    index: row,
    place,
    source: record.source,
    input: shorten(record.input, 'input'),
    reference: shorten(record.reference, 'reference'),
    ...(record.spans ? { spans: record.spans } : {}),
    answers: table.candidates.map((name) => {
      const answer = record.outputs[name];
      if (!answer) return null;
      const edited = edits.get(name);
      return {
        ...answer,
        output: shorten(answer.output, name),
        graded: gradedOf(name).map(describeGrade),
        ...(edited === undefined ? {} : { edited }),
      };
    }),
    judgements: judgements.map(describeJudgement),
    cut,
  };
}

function describeGrade({ criterion, score, reason, outputs }: RubricRecord): DetailGrade {
  const [{ prompt } = {}] = Object.values(outputs);
  return {
    criterion,
    ...(score === undefined ? {} : { score }),
    reason: reason.slice(0, LONGEST_TEXT),
    ...(prompt === undefined ? {} : { prompt }),
  };
}

function describeJudgement({ first, second, verdict, outputs }: JudgementRecord): DetailJudgement {
  const [{ output = '', prompt } = {}] = Object.values(outputs);
  return {
    first,
    second,
    ...(verdict === undefined ? {} : { verdict }),
    ...(prompt === undefined ? {} : { prompt }),
    output: output.slice(0, LONGEST_TEXT),
  };
}
