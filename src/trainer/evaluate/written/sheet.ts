import { join } from 'node:path';
import type { CandidateOutput, EvaluationRecord } from '../../../protocol/evaluation.ts';
import { RUN_FILES } from '../../../protocol/run.ts';
import { insideWorkspace } from '../../launch/fingerprint.ts';
import { changed } from '../prepare-evaluation.ts';
import type { WrittenAnswer } from './answer.ts';
import type { Items } from './items.ts';
import { scoreOutput, type ExactMatch } from './measure.ts';

export interface SheetOptions {
  readonly items: Items;
  readonly candidates: readonly string[];
  readonly metrics: readonly string[];
  readonly workspace: string;
  /** What counts as the expected answer, where a benchmark says it. */
  readonly exactMatch?: ExactMatch;
}

/** The answers of all candidates while an evaluation goes on, and how they are written down. */
export class WrittenSheet {
  readonly #options: SheetOptions;
  readonly #outputs: ReadonlyMap<string, (CandidateOutput | undefined)[]>;
  answered = 0;

  /**
   * @param found what earlier lives of this evaluation wrote down
   * @param dir the run directory, for messages
   * @throws TunebookError `evaluate/changed` when that does not fit the rows
   */
  constructor(options: SheetOptions, found: readonly EvaluationRecord[], dir: string) {
    this.#options = options;
    const rows = options.items.list.length;
    this.#outputs = new Map(
      options.candidates.map((name) => [name, Array.from({ length: rows }, () => undefined)]),
    );
    for (const record of found) this.#restore(record, dir);
  }

  /** The rows that a candidate has not answered yet. */
  open(candidate: string): number[] {
    return [...this.#outputs.get(candidate)!.entries()].flatMap(([row, output]) => (output ? [] : [row]));
  }

  /** What a candidate answered, once it has answered everything. */
  outputs(candidate: string): CandidateOutput[] {
    return this.#outputs.get(candidate)!.map((output, row) => {
      if (!output) throw new Error(`${candidate} has not answered the row ${row}`);
      return output;
    });
  }

  /** Notes an answer and gives its record. */
  add(
    candidate: string,
    { row, output, latency, prompt, score, scores, detail }: WrittenAnswer,
  ): EvaluationRecord {
    const { items, metrics, workspace } = this.#options;
    const { row: source, input, reference } = items.list[row]!;
    const graded =
      items.kind === 'label'
        ? { correct: output === reference, score: score ?? Number(output === reference) }
        : items.kind === 'choice'
          ? { correct: scores?.['acc'] === 1, score: score ?? 0, scores: { ...scores } }
          : items.kind === 'text'
            ? scoreOutput(output, reference, metrics, this.#options.exactMatch)
            : {
                correct: false,
                score: detail.loss ? Math.exp(-detail.loss.nll / Math.max(1, detail.loss.tokens)) : 0,
              };
    const answer: CandidateOutput = {
      output,
      ...graded,
      latency: Number(latency.toPrecision(7)),
      ...(prompt === undefined ? {} : { prompt }),
      ...detail,
    };
    this.#note(candidate, row, answer);
    return {
      index: row,
      source: `${insideWorkspace(source.file, workspace)}:${source.line}`,
      input,
      reference,
      outputs: { [candidate]: answer },
    };
  }

  #note(candidate: string, row: number, answer: CandidateOutput): void {
    const own = this.#outputs.get(candidate)!;
    if (!own[row]) this.answered++;
    own[row] = answer;
  }

  #restore({ index, input, reference, outputs }: EvaluationRecord, dir: string): void {
    const item = this.#options.items.list[index];
    const where = join(dir, RUN_FILES.records);
    if (item?.input !== input || item.reference !== reference)
      throw changed(dir, `the example ${index} in ${where} is another one now`);
    for (const [name, answer] of Object.entries(outputs)) {
      if (!this.#outputs.has(name))
        throw changed(dir, `${where} has answers of "${name}" that mean nothing now`);
      this.#note(name, index, answer);
    }
  }
}
