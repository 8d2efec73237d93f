import type { EvaluationRecord } from '../../protocol/evaluation.ts';
import { CandidateSheet } from './candidate-sheet.ts';
import type { PreparedEvaluation } from './prepare-evaluation.ts';
import type { CandidateAnswers } from './summarise.ts';

/** What a candidate has answered so far; -1 where it has not. */
export type AnswersSoFar = CandidateAnswers & { answered: number };

/** One answer of a candidate, as a number. */
export interface Answer {
  readonly row: number;
  /** Index of the label. */
  readonly label: number;
  readonly score: number;
  /** Milliseconds. */
  readonly latency: number;
}

/** The answers of all candidates while an evaluation goes on, and how they are written down. */
export class AnswerSheet extends CandidateSheet<AnswersSoFar> {
  readonly #agreed: PreparedEvaluation['agreed'];

  /**
   * @param found what earlier lives of this evaluation wrote down
   * @param dir the run directory, for messages
   * @throws TunebookError `evaluate/changed` when that does not fit the examples
   */
  constructor(prepared: PreparedEvaluation, found: readonly EvaluationRecord[], dir: string) {
    const rows = prepared.examples.texts.length;
    super(prepared, (name) => ({
      name,
      predictions: new Int32Array(rows).fill(-1),
      latencies: new Float64Array(rows),
      answered: 0,
    }));
    this.#agreed = prepared.agreed;
    for (const record of found) this.#restore(record, dir);
  }

  isOpen(candidate: string, row: number): boolean {
    return this.of(candidate).predictions[row] === -1;
  }

  /** Notes answers, and gives the records of those that were not known before. */
  add(candidate: string, answers: readonly Answer[]): EvaluationRecord[] {
    const { labels, references } = this.#agreed;
    return answers
      .filter(({ row }) => this.isOpen(candidate, row))
      .map(({ row, label, score, latency }) => {
        this.#note(candidate, row, label, latency);
        const reference = references[row]!;
        const output = { output: labels[label]!, correct: label === reference, score, latency };
        return this.recordOf(row, labels[reference]!, candidate, output);
      });
  }

  #note(candidate: string, row: number, label: number, latency: number): void {
    const so = this.of(candidate);
    if (so.predictions[row] === -1) so.answered++;
    so.predictions[row] = label;
    so.latencies[row] = latency;
  }

  #restore(record: EvaluationRecord, dir: string): void {
    const { labels, references } = this.#agreed;
    const unknown = this.checkExample(record, (row) => labels[references[row]!], dir);
    for (const [name, { output, latency }] of Object.entries(record.outputs)) {
      const label = labels.indexOf(output);
      if (!this.has(name) || label < 0) throw unknown(name);
      this.#note(name, record.index, label, latency);
    }
  }
}
