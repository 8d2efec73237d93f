import type { CandidateOutput, EvaluationRecord, TextSpan } from '../../../protocol/evaluation.ts';
import { compareEntities, type Entity } from '../../loop/entities.ts';
import { round } from '../answer-examples.ts';
import { CandidateSheet } from '../candidate-sheet.ts';
import type { PreparedTags } from './prepare.ts';
import { describeSpans, OUTSIDE, placeSpans, readerOf, type ReadTags } from './spans.ts';
import { countRightWords, UNREAD } from './summarise.ts';

/** What a tagger has answered so far. */
export interface TagAnswers {
  readonly name: string;
  /** Of each row the tag of each word, or {@link UNREAD}; empty where it has not answered. */
  readonly tags: Int32Array[];
  /** Milliseconds, `[rows]`. */
  readonly latencies: Float64Array;
  answered: number;
}

/** One answer: a tag for each word, and how sure of them all the tagger is. */
export interface TagAnswer {
  readonly row: number;
  /** One a word, {@link UNREAD} where there is none. */
  readonly tags: Int32Array;
  readonly score: number;
  /** Milliseconds. */
  readonly latency: number;
}

/** The answers of all taggers while an evaluation goes on, and how they are written down. */
export class TagSheet extends CandidateSheet<TagAnswers> {
  readonly #prepared: PreparedTags;
  readonly #read: ReadTags;

  /**
   * @param found what earlier lives of this evaluation wrote down
   * @param dir the run directory, for messages
   * @throws TunebookError `evaluate/changed` when that does not fit the examples
   */
  constructor(prepared: PreparedTags, found: readonly EvaluationRecord[], dir: string) {
    const rows = prepared.examples.texts.length;
    super(prepared, (name) => ({
      name,
      tags: Array.from({ length: rows }, () => new Int32Array()),
      latencies: new Float64Array(rows),
      answered: 0,
    }));
    this.#prepared = prepared;
    this.#read = readerOf(prepared.labels);
    for (const record of found) this.#restore(record, dir);
  }

  isOpen(candidate: string, row: number): boolean {
    return this.of(candidate).tags[row]?.length === 0;
  }

  /** Notes answers, and gives the records of those that were not known before. */
  add(candidate: string, answers: readonly TagAnswer[]): EvaluationRecord[] {
    return answers
      .filter(({ row }) => this.isOpen(candidate, row))
      .map((answer) => {
        this.#note(candidate, answer);
        const spans = this.#spans(answer.row, this.#expected(answer.row));
        const reference = this.#textOf(answer.row, spans);
        return this.recordOf(answer.row, reference, candidate, this.#output(answer), { spans });
      });
  }

  /** Words that a tagger did not read, and in how many rows. */
  unread(candidate: string): { words: number; rows: number } {
    const counts = this.of(candidate).tags.map((own) => own.filter((tag) => tag === UNREAD).length);
    return {
      words: counts.reduce((sum, count) => sum + count, 0),
      rows: counts.filter((count) => count > 0).length,
    };
  }

  /** Whether a tagger gives no entity in any row. */
  findsNothing(candidate: string): boolean {
    return this.of(candidate).tags.every((own) => this.#entities(own).length === 0);
  }

  #note(candidate: string, { row, tags, latency }: Omit<TagAnswer, 'score'>): void {
    const so = this.of(candidate);
    so.tags[row] = tags;
    so.latencies[row] = latency;
    so.answered++;
  }

  #output({ row, tags, score, latency }: TagAnswer): CandidateOutput {
    const reference = this.#prepared.references[row]!;
    const compared = compareEntities(this.#entities(tags), this.#expected(row));
    const [right, predicted, expected] = [compared.right, compared.predicted, compared.expected].map(
      ({ length }) => length,
    );
    const both = predicted! + expected!;
    const spans = this.#spans(row, compared.predicted);
    return {
      output: this.#textOf(row, spans),
      correct: 2 * right! === both,
      score,
      latency,
      scores: {
        ...(both === 0 ? {} : { f1: round((2 * right!) / both) }),
        accuracy: round(countRightWords(tags, reference) / reference.length),
      },
      values: [...tags],
      spans,
    };
  }

  #entities(tags: Int32Array): Entity[] {
    return this.#read(Array.from(tags, (tag) => this.#prepared.labels[tag] ?? OUTSIDE));
  }

  #expected(row: number): Entity[] {
    return this.#entities(this.#prepared.references[row]!);
  }

  #spans(row: number, entities: readonly Entity[]): TextSpan[] {
    return placeSpans(this.#prepared.examples.words[row]!, entities);
  }

  #textOf(row: number, spans: readonly TextSpan[]): string {
    return describeSpans(this.#prepared.examples.texts[row]!, spans);
  }

  #restore(record: EvaluationRecord, dir: string): void {
    const { labels, references } = this.#prepared;
    const { index, outputs } = record;
    const referenceOf = (row: number) => this.#textOf(row, this.#spans(row, this.#expected(row)));
    const unknown = this.checkExample(record, referenceOf, dir);
    for (const [name, { values, latency }] of Object.entries(outputs)) {
      const isTag = (tag: number) => Number.isInteger(tag) && tag >= UNREAD && tag < labels.length;
      const fits = values?.length === references[index]!.length && values.every(isTag);
      if (!this.has(name) || !fits) throw unknown(name);
      if (this.isOpen(name, index)) this.#note(name, { row: index, tags: Int32Array.from(values), latency });
    }
  }
}
