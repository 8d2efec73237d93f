import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ROWS_PAGE,
  type CompareQuery,
  type FromComparePanel,
  type ToComparePanel,
  type VoteSummary,
} from '../../../protocol/compare.ts';
import type { EvaluationCandidates } from '../../../protocol/evaluation-candidates.ts';
import type { EvaluationResult } from '../../../protocol/evaluation.ts';
import { RUN_FILES } from '../../../protocol/run.ts';
import { rate } from './bradley-terry.ts';
import { describeDetail, describeRows } from './describe-rows.ts';
import { JudgementFile } from './judgement-file.ts';
import { RecordTable } from './record-table.ts';
import { RubricFile } from './rubric-file.ts';
import { select, type Selected } from './select.ts';
import { Votes, VOTES_FILE } from './votes.ts';

/** More different references than this are answers, not labels. */
const MOST_LABELS = 500;
/** Rows that are given at once at most. */
const MOST_ROWS = 500;

/** What only the extension can do with a message. */
export type HostTask = Extract<
  FromComparePanel,
  { type: 'copyLink' | 'openSource' | 'openText' | 'export' | 'makePreferences' }
>;

/** Makes what the comparison panel shows out of the directory of an evaluation. Reads when it is told to; holds no timer. */
export class CompareFeed {
  /** The directory, absolute. */
  readonly dir: string;
  readonly runId: string;
  readonly name: string;
  readonly #table: RecordTable;
  readonly #judgements: JudgementFile;
  readonly #rubric: RubricFile;
  readonly #votes: Votes;
  #query: CompareQuery;
  #selected: Selected | undefined;
  #version = 0;
  #more = true;
  #shown = '';
  #resultText = '';
  #result: EvaluationResult | undefined;

  /** @throws TunebookError `votes/damaged` */
  constructor(dir: string, { runId, name, query }: { runId: string; name: string; query: CompareQuery }) {
    this.dir = dir;
    this.runId = runId;
    this.name = name;
    this.#query = query;
    this.#table = new RecordTable(join(dir, RUN_FILES.records), candidatesOf(dir));
    this.#judgements = new JudgementFile(join(dir, RUN_FILES.judgements));
    this.#rubric = new RubricFile(join(dir, RUN_FILES.rubric));
    this.#votes = new Votes(join(dir, VOTES_FILE));
  }

  get table(): RecordTable {
    return this.#table;
  }

  get rubric(): RubricFile {
    return this.#rubric;
  }

  get votes(): Votes {
    return this.#votes;
  }

  get result(): EvaluationResult | undefined {
    return this.#result;
  }

  /** The rows that are shown, in their order. */
  get selectedRows(): Uint32Array {
    return this.#selected?.rows ?? new Uint32Array(0);
  }

  /** Whether more may come: what is there is not read to its end, or there is no result yet. */
  get live(): boolean {
    return this.#more || this.#result === undefined;
  }

  /** Reads what is new, for about `milliseconds`. True when more is left to read. */
  read(milliseconds: number): boolean {
    this.#more = [this.#table, this.#rubric, this.#judgements].some((file) => file.read(milliseconds));
    if (!this.#more) this.#readResult();
    return this.#more;
  }

  /** What is to be sent because records or the result have come; nothing where nothing has. */
  takeUpdate(): ToComparePanel[] {
    const stamp = this.#stamp();
    const isNew = stamp !== this.#shown || this.#resultText !== this.#sentResult;
    if (!isNew) return [];
    this.#shown = stamp;
    this.#sentResult = this.#resultText;
    return [this.#overview(), ...this.#select()];
  }

  #sentResult = '';

  /** Answers a message of the page; what it cannot do itself is given to `task`. */
  receive(message: FromComparePanel, task: (message: HostTask) => void): ToComparePanel[] {
    switch (message.type) {
      case 'ready':
        this.#query = message.query;
        this.#shown = this.#stamp();
        return [this.#overview(), ...this.#select(), this.#voteSummary()];
      case 'query':
        this.#query = message.query;
        return [...this.#select(), this.#voteSummary()];
      case 'rows':
        return this.#rows(message.from, message.to);
      case 'detail':
        return [this.#detail(message.index)];
      case 'vote':
        this.#votes.add(message.vote);
        return [this.#voteSummary()];
      case 'undoVote': {
        const undone = this.#votes.undo();
        return [this.#voteSummary(), ...(undone ? [{ type: 'show', index: undone.index } as const] : [])];
      }
      case 'edit':
        this.#votes.add({ index: message.index, candidate: message.candidate, output: message.output });
        return [this.#detail(message.index), this.#voteSummary()];
      case 'copyLink':
      case 'openSource':
      case 'openText':
      case 'export':
      case 'makePreferences':
        task(message);
        return [];
    }
  }

  dispose(): void {
    this.#table.close();
    this.#judgements.close();
    this.#rubric.close();
  }

  /** Changes with every line that is read, and at the end. */
  #stamp(): string {
    return [this.#table.records, this.#judgements.lines, this.#rubric.lines, this.#more].join(' ');
  }

  #overview(): ToComparePanel {
    const { candidates, references, records, hasCost, problem } = this.#table;
    const overview: ToComparePanel = {
      type: 'overview',
      runId: this.runId,
      name: this.name,
      candidates,
      labels: references.length <= MOST_LABELS ? [...references].sort() : [],
      read: records,
      loading: this.#more,
      hasCost,
      isJudged: this.#judgements.lines > 0,
    };
    if (this.#result) overview.result = this.#result;
    const trouble = problem ?? this.#whyEmpty();
    if (trouble !== undefined) overview.problem = trouble;
    return overview;
  }

  #whyEmpty(): string | undefined {
    if (this.#more || this.#table.records > 0) return undefined;
    if (!existsSync(this.dir)) return `The folder of this evaluation is no longer there: ${this.dir}.`;
    return existsSync(this.#table.path)
      ? 'No candidate has answered yet.'
      : 'This evaluation has kept no answers. They appear here when its candidates begin to answer.';
  }

  #select(): ToComparePanel[] {
    if (this.#table.candidates.length === 0) return [];
    this.#selected = select(this.#table, this.#query, (...asked) => this.#judgements.chipOf(...asked));
    const { query, count, counts, scatter } = this.#selected;
    const selection = { version: ++this.#version, query, count, counts, scatter };
    // Its first rows come with it: the page would ask for them next.
    return [{ type: 'selection', ...selection }, ...(count > 0 ? this.#rows(0, ROWS_PAGE) : [])];
  }

  #rows(from: number, to: number): ToComparePanel[] {
    const end = Math.min(to, from + MOST_ROWS);
    const shown = this.selectedRows.subarray(from, end);
    const rows = describeRows(this.#table, shown, (...answer) => this.#rubric.scoresOf(...answer));
    return [{ type: 'rows', version: this.#version, from, rows }];
  }

  #detail(index: number): ToComparePanel {
    const place = this.selectedRows.indexOf(index);
    const told = {
      edits: this.#votes.editsOf(index),
      judgements: this.#judgements.of(index),
      gradedOf: (candidate: string) => this.#rubric.of(index, candidate),
    };
    return { type: 'detail', detail: describeDetail(this.#table, index, place, told) };
  }

  #voteSummary(): ToComparePanel {
    const { all, edits } = this.#votes;
    const { a = '', b = '' } = this.#selected?.query ?? {};
    const votes: VoteSummary = {
      count: all.length,
      voted: this.#votes.votedOn(a, b),
      ratings: rate(all),
      edits: edits.length,
    };
    return { type: 'votes', votes };
  }

  #readResult(): void {
    const file = join(this.dir, RUN_FILES.result);
    if (!existsSync(file)) return;
    const text = readFileSync(file, 'utf8');
    if (text === this.#resultText) return;
    try {
      // SAFETY: the trainer writes this file whole, from a value of this type.
      this.#result = JSON.parse(text) as EvaluationResult;
      this.#resultText = text;
    } catch {
      this.#result = undefined;
    }
  }
}

/** Their names in the order of the config, where the evaluation has come so far. */
function candidatesOf(dir: string): string[] {
  try {
    // SAFETY: the trainer writes this file whole, from a value of this type.
    const { candidates } = JSON.parse(
      readFileSync(join(dir, RUN_FILES.candidates), 'utf8'),
    ) as EvaluationCandidates;
    return Object.keys(candidates);
  } catch {
    return [];
  }
}
