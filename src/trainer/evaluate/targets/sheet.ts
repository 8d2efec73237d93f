import type { CandidateOutput, EvaluationRecord } from '../../../protocol/evaluation.ts';
import { round } from '../answer-examples.ts';
import { CandidateSheet } from '../candidate-sheet.ts';
import { rowNumbers } from './label-metrics.ts';
import type { PreparedTargets } from './prepare.ts';

/** What a candidate has answered so far. */
export interface TargetAnswers {
  readonly name: string;
  /** `[rows, width]`: 1 where it gives the label and 0 where not, or its number; NaN where it has not answered. */
  readonly values: Float64Array;
  /** Milliseconds, `[rows]`. */
  readonly latencies: Float64Array;
  answered: number;
}

/** One answer: a number for each label or for the one output, and how sure of it the candidate is. */
export interface TargetAnswer {
  readonly row: number;
  /** `[width]`. */
  readonly values: Float64Array;
  readonly score: number;
  /** Milliseconds. */
  readonly latency: number;
}

/** The answers of all candidates while an evaluation goes on, and how they are written down. */
export class TargetSheet extends CandidateSheet<TargetAnswers> {
  readonly #prepared: PreparedTargets;
  /** Of numbers: their mean, and how far apart the smallest and the largest lie. */
  readonly #mean: number;
  readonly #range: number;

  /**
   * @param found what earlier lives of this evaluation wrote down
   * @param dir the run directory, for messages
   * @throws TunebookError `evaluate/changed` when that does not fit the examples
   */
  constructor(prepared: PreparedTargets, found: readonly EvaluationRecord[], dir: string) {
    const { references, width, examples } = prepared;
    const rows = examples.texts.length;
    super(prepared, (name) => ({
      name,
      values: new Float64Array(rows * width).fill(NaN),
      latencies: new Float64Array(rows),
      answered: 0,
    }));
    this.#prepared = prepared;
    this.#mean = references.reduce((sum, value) => sum + value, 0) / references.length;
    const [least, most] = [Math.min, Math.max].map((pick) => references.reduce((a, b) => pick(a, b)));
    this.#range = most! - least! || 1;
    for (const record of found) this.#restore(record, dir);
  }

  isOpen(candidate: string, row: number): boolean {
    return Number.isNaN(this.of(candidate).values[row * this.#prepared.width]);
  }

  /** Notes answers, and gives the records of those that were not known before. */
  add(candidate: string, answers: readonly TargetAnswer[]): EvaluationRecord[] {
    return answers
      .filter(({ row }) => this.isOpen(candidate, row))
      .map((answer) => {
        this.#note(candidate, answer);
        const reference = this.#textOf(this.#reference(answer.row));
        return this.recordOf(answer.row, reference, candidate, this.#output(answer));
      });
  }

  #note(candidate: string, { row, values, latency }: Omit<TargetAnswer, 'score'>): void {
    const so = this.of(candidate);
    so.values.set(values, row * this.#prepared.width);
    so.latencies[row] = latency;
    so.answered++;
  }

  #reference(row: number): Float64Array {
    const { references, width } = this.#prepared;
    return references.subarray(row * width, (row + 1) * width);
  }

  #output({ row, values, score, latency }: TargetAnswer): CandidateOutput {
    const { width, labels, evaluation } = this.#prepared;
    const reference = this.#reference(row);
    if (evaluation.problem === 'regression') {
      const [value, wanted] = [values[0]!, reference[0]!];
      const error = Math.abs(value - wanted);
      return {
        output: this.#textOf(values),
        correct: error < Math.abs(this.#mean - wanted) || error === 0,
        score: round(Math.max(0, 1 - error / this.#range)),
        latency,
        scores: { mae: round(error) },
        values: [value],
      };
    }
    const [own, truth] = [Uint8Array.from(values), Uint8Array.from(reference)];
    const { right, both } = rowNumbers(own, truth, width, 0);
    return {
      output: this.#textOf(values),
      correct: 2 * right === both,
      score,
      latency,
      scores: {
        samples_f1: both === 0 ? 0 : round((2 * right) / both),
        hamming_loss: round((both - 2 * right) / width),
      },
      values: [...labels.keys()].filter((label) => values[label] === 1),
    };
  }

  /** The labels by name, or the number. */
  #textOf(values: Float64Array): string {
    const { labels, evaluation } = this.#prepared;
    if (evaluation.problem === 'regression') return String(values[0]);
    return labels.filter((_, label) => values[label] === 1).join(', ') || '(none)';
  }

  #restore(record: EvaluationRecord, dir: string): void {
    const { width, labels, evaluation } = this.#prepared;
    const { index, outputs } = record;
    const unknown = this.checkExample(record, (row) => this.#textOf(this.#reference(row)), dir);
    for (const [name, { values: kept, latency }] of Object.entries(outputs)) {
      const isKnown = this.has(name) && kept !== undefined;
      const isLabel = (label: number) => Number.isInteger(label) && label >= 0 && label < labels.length;
      const fits = evaluation.problem === 'regression' ? kept?.length === 1 : (kept?.every(isLabel) ?? false);
      if (!isKnown || !fits) throw unknown(name);
      const values = new Float64Array(width);
      if (evaluation.problem === 'regression') values[0] = kept[0]!;
      else for (const label of kept) values[label] = 1;
      if (this.isOpen(name, index)) this.#note(name, { row: index, values, latency });
    }
  }
}
