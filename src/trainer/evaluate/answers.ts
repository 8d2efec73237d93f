import { join } from 'node:path';
import type { EvaluationRecord } from '../../protocol/evaluation.ts';
import { RUN_FILES } from '../../protocol/run.ts';
import { insideWorkspace } from '../launch/fingerprint.ts';
import { inputOf } from './examples.ts';
import { changed, type PreparedEvaluation } from './prepare-evaluation.ts';
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
export class AnswerSheet {
  readonly #prepared: PreparedEvaluation;
  readonly #ofCandidate: ReadonlyMap<string, AnswersSoFar>;

  /**
   * @param found what earlier lives of this evaluation wrote down
   * @param dir the run directory, for messages
   * @throws TunebookError `evaluate/changed` when that does not fit the examples
   */
  constructor(prepared: PreparedEvaluation, found: readonly EvaluationRecord[], dir: string) {
    this.#prepared = prepared;
    const rows = prepared.examples.texts.length;
    const blank = (name: string): AnswersSoFar => ({
      name,
      predictions: new Int32Array(rows).fill(-1),
      latencies: new Float64Array(rows),
      answered: 0,
    });
    this.#ofCandidate = new Map(prepared.candidates.map(({ name }) => [name, blank(name)]));
    for (const record of found) this.#restore(record, dir);
  }

  /** All answers, of all candidates. */
  get answered(): number {
    return this.all.reduce((sum, { answered }) => sum + answered, 0);
  }

  /** In the order of the config. */
  get all(): AnswersSoFar[] {
    return [...this.#ofCandidate.values()];
  }

  of(candidate: string): AnswersSoFar {
    return this.#ofCandidate.get(candidate)!;
  }

  /** Notes answers, and gives the records of those that were not known before. */
  add(candidate: string, answers: readonly Answer[]): EvaluationRecord[] {
    const { examples, agreed, workspace } = this.#prepared;
    const so = this.of(candidate);
    return answers
      .filter(({ row }) => so.predictions[row] === -1)
      .map(({ row, label, score, latency }) => {
        so.predictions[row] = label;
        so.latencies[row] = latency;
        so.answered++;
        const { file, line } = examples.placeOf(row);
        const reference = agreed.references[row]!;
        return {
          index: row,
          source: `${insideWorkspace(file, workspace)}:${line}`,
          input: inputOf(examples, row),
          reference: agreed.labels[reference]!,
          outputs: {
            [candidate]: { output: agreed.labels[label]!, correct: label === reference, score, latency },
          },
        };
      });
  }

  #restore({ index, input, reference, outputs }: EvaluationRecord, dir: string): void {
    const { examples, agreed } = this.#prepared;
    const isSame =
      index >= 0 &&
      index < examples.texts.length &&
      inputOf(examples, index) === input &&
      agreed.labels[agreed.references[index]!] === reference;
    const where = join(dir, RUN_FILES.records);
    if (!isSame) throw changed(dir, `the example ${index} in ${where} is another one now`);
    for (const [name, { output, latency }] of Object.entries(outputs)) {
      const so = this.#ofCandidate.get(name);
      const label = agreed.labels.indexOf(output);
      if (!so || label < 0) throw changed(dir, `${where} has answers of "${name}" that mean nothing now`);
      if (so.predictions[index] === -1) so.answered++;
      so.predictions[index] = label;
      so.latencies[index] = latency;
    }
  }
}
