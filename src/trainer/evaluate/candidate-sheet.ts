import { join } from 'node:path';
import type { CandidateOutput, EvaluationRecord } from '../../protocol/evaluation.ts';
import { RUN_FILES } from '../../protocol/run.ts';
import { insideWorkspace } from '../launch/fingerprint.ts';
import { inputOf, type TextExamples } from './examples.ts';
import { changed } from './prepare-evaluation.ts';

/** What sheets of classifiers are made for. */
interface SheetInput {
  readonly examples: TextExamples;
  readonly candidates: readonly { readonly name: string }[];
  readonly workspace: string;
}

/** The answers of all classifiers while an evaluation goes on, one object a candidate, and how they are written down. */
export abstract class CandidateSheet<Answers extends { answered: number }> {
  readonly #input: SheetInput;
  readonly #ofCandidate: ReadonlyMap<string, Answers>;

  /** @param blank what a candidate has before it has answered anything */
  constructor(input: SheetInput, blank: (name: string) => Answers) {
    this.#input = input;
    this.#ofCandidate = new Map(input.candidates.map(({ name }) => [name, blank(name)]));
  }

  /** All answers, of all candidates. */
  get answered(): number {
    return this.all.reduce((sum, { answered }) => sum + answered, 0);
  }

  /** In the order of the config. */
  get all(): Answers[] {
    return [...this.#ofCandidate.values()];
  }

  of(candidate: string): Answers {
    return this.#ofCandidate.get(candidate)!;
  }

  has(candidate: string): boolean {
    return this.#ofCandidate.has(candidate);
  }

  /** What `records.jsonl` says of an answer. */
  protected recordOf(
    row: number,
    reference: string,
    candidate: string,
    output: CandidateOutput,
    more: Pick<EvaluationRecord, 'spans'> = {},
  ): EvaluationRecord {
    const { examples, workspace } = this.#input;
    const { file, line } = examples.placeOf(row);
    return {
      index: row,
      source: `${insideWorkspace(file, workspace)}:${line}`,
      input: inputOf(examples, row),
      reference,
      ...more,
      outputs: { [candidate]: output },
    };
  }

  /**
   * Checks that a record is of the example that has its place now.
   * @param dir the run directory, for messages
   * @returns what to throw for a candidate whose answers cannot be taken
   * @throws TunebookError `evaluate/changed`
   */
  protected checkExample(
    { index, input, reference }: EvaluationRecord,
    referenceOf: (row: number) => string | undefined,
    dir: string,
  ): (candidate: string) => Error {
    const { examples } = this.#input;
    const where = join(dir, RUN_FILES.records);
    const isSame =
      index >= 0 &&
      index < examples.texts.length &&
      inputOf(examples, index) === input &&
      referenceOf(index) === reference;
    if (!isSame) throw changed(dir, `the example ${index} in ${where} is another one now`);
    return (candidate) => changed(dir, `${where} has answers of "${candidate}" that mean nothing now`);
  }
}
