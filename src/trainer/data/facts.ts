import { statSync } from 'node:fs';
import {
  findColumn,
  isOptionalColumn,
  PREFERENCE,
  readRoles,
  usualColumn,
} from '../../language/schema/formats.ts';
import type { DataFacts, DataProblem, InspectDataParams } from '../../protocol/inspect.ts';
import { TunebookError } from '../../protocol/error.ts';
import { missingColumn, textOf } from './columns.ts';
import { conversationReader } from './conversation.ts';
import { answerCheck, type AnswerCheck } from './label-counts.ts';
import { LabelReader } from './labels.ts';
import { cutRows, type RowFilter } from './cut-rows.ts';
import { makePauses } from './pause.ts';
import { dataError, list } from './problem.ts';
import { readPreference } from './preference-row.ts';
import { readRows, type SourceRow } from './read.ts';
import { readTags } from './tokens.ts';

export interface FactsOptions {
  signal?: AbortSignal;
  /** Bytes of all files together after which reading stops; the answer then says so in `partial`. Default 256 MiB. */
  maxBytes?: number;
  /** Problems after which no more are collected. Default 50. */
  maxProblems?: number;
}

/** Roles of columns that hold what a row answers. */
const ANSWERS = ['label', 'labels'];

const EXAMPLES = 3;
const LONGEST_EXAMPLE = 500;
/** A label column with more values than this is none. */
const MAX_LABELS = 10_000;

/**
 * Reads the files of a split for what a checker and an editor want to know of them. What is wrong with the data is
 * part of the answer, not an error; reading goes on behind a bad row where that is possible.
 * @throws the signal's reason when aborted
 */
export async function dataFacts(params: InspectDataParams, options: FactsOptions = {}): Promise<DataFacts> {
  const collector = new FactsCollector(params, options);
  await collector.cut();
  for (const file of params.files) {
    await collector.readFile(file);
    if (collector.full) break;
  }
  return collector.finish();
}

class FactsCollector {
  readonly #params: InspectDataParams;
  readonly #options: FactsOptions;
  readonly #facts: DataFacts = { rows: 0, columns: [], examples: [], problems: [] };
  readonly #labels = new Map<string, number>();
  readonly #needed: readonly string[];
  readonly #answers: AnswerCheck | undefined;
  /** Problems without a line that were told of. */
  readonly #columnWide = new Set<string>();
  /** Looks at a row of a format whose columns are no plain texts. */
  readonly #checkRow: ((row: SourceRow) => unknown) | undefined;
  readonly #maxBytes: number;
  /** Whether the next row is one of those that are meant; all are where it is absent. */
  #isMeant: RowFilter | undefined;
  /** Rows that were read, also those that are not meant. */
  #read = 0;
  #doneBytes = 0;
  #fileBytes = 0;
  full = false;

  constructor(params: InspectDataParams, options: FactsOptions) {
    this.#params = params;
    this.#options = options;
    this.#maxBytes = options.maxBytes ?? 256 * 2 ** 20;
    const roles = readRoles(params.format);
    this.#needed = roles.filter(
      (role) =>
        (role !== 'text_pair' || params.columns.text_pair !== undefined) &&
        (role !== 'labels' || params.label_columns === undefined),
    );
    this.#answers = answerCheck(params, params.labels);
    for (const label of this.#answers?.known ?? []) this.#labels.set(label, 0);
    this.#checkRow = rowCheck(params);
  }

  /** Finds out which rows are meant. Files that are too large to be read whole are not cut. */
  async cut(): Promise<void> {
    const { files, cut, sample_by } = this.#params;
    const { signal } = this.#options;
    if (!cut || this.#totalBytes() > this.#maxBytes) return;
    try {
      const reading = { skipsBadRows: true, ...(signal && { signal }), ...(sample_by && { sample_by }) };
      this.#isMeant = await cutRows(files, cut, reading);
    } catch (error) {
      if (!(error instanceof TunebookError)) throw error;
      this.#add(error);
    }
  }

  async readFile(file: string): Promise<void> {
    const { signal } = this.#options;
    const { sample_by } = this.#params;
    const maxBytes = this.#maxBytes;
    const pause = makePauses({ signal });
    const before = this.#read + this.#facts.problems.length;
    let missing: Set<string> | undefined;
    let header: string[] | undefined;
    this.#fileBytes = 0;
    try {
      const rows = readRows([file], {
        signal,
        onProblem: (problem) => this.#add(problem),
        ...(sample_by && { sample_by }),
        onBytes: (_, bytes) => (this.#fileBytes = bytes),
        onColumns: (_, columns) => {
          header = columns;
          missing = this.#checkColumns({
            values: Object.fromEntries(columns.map((name) => [name, ''])),
            file,
            line: 1,
          });
        },
      });
      for await (const row of rows) {
        missing ??= this.#checkColumns(row);
        this.#read++;
        if (!this.#isMeant || this.#isMeant()) this.#addRow(row, missing);
        await pause(0);
        if (this.#doneBytes + this.#fileBytes >= maxBytes) {
          this.full = this.#doneBytes + this.#fileBytes < this.#totalBytes();
          if (this.full) break;
        }
      }
      if (before === this.#read + this.#facts.problems.length) this.#add(empty(file, header));
    } catch (error) {
      if (!(error instanceof TunebookError)) throw error;
      this.#add(error);
    }
    if (!this.full) this.#doneBytes += this.#fileBytes;
  }

  finish(): DataFacts {
    if (this.#answers && this.#params.format !== 'regression')
      this.#facts.labels = Object.fromEntries(this.#labels);
    if (this.full) {
      this.#facts.partial = { readBytes: this.#doneBytes + this.#fileBytes, totalBytes: this.#totalBytes() };
    }
    return this.#facts;
  }

  /** Takes note of a file's columns; gives the needed ones that it lacks. */
  #checkColumns(row: SourceRow): Set<string> {
    for (const name of Object.keys(row.values)) {
      if (!this.#facts.columns.includes(name)) this.#facts.columns.push(name);
    }
    const missing = new Set<string>();
    for (const role of this.#needed) {
      const column = this.#column(role);
      const { format } = this.#params;
      if (findColumn(format, role, column, Object.keys(row.values)) !== undefined) continue;
      if (isOptionalColumn(format, role, column)) continue;
      missing.add(role);
      this.#add(missingColumn(row, role, column));
    }
    for (const column of this.#params.label_columns ?? []) {
      if (column in row.values) continue;
      missing.add('labels');
      this.#add(missingColumn(row, 'labels', column));
    }
    return missing;
  }

  #addRow(row: SourceRow, missing: Set<string>): void {
    this.#facts.rows++;
    if (this.#facts.examples.length < EXAMPLES) this.#facts.examples.push(asExample(row));
    if (this.#checkRow && missing.size === 0) this.#attempt(() => this.#checkRow?.(row));
    for (const role of this.#needed) {
      if (missing.has(role) || this.#checkRow || ANSWERS.includes(role)) continue;
      this.#attempt(() => textOf(row, role, this.#column(role)));
    }
    if (this.#answers && !ANSWERS.some((role) => missing.has(role)))
      this.#attempt(() => this.#countLabels(this.#answers?.read(row) ?? []));
  }

  /** Notes what is wrong with a row as a problem of the data. */
  #attempt(look: () => unknown): void {
    try {
      look();
    } catch (error) {
      if (!(error instanceof TunebookError)) throw error;
      this.#add(error);
    }
  }

  #countLabels(labels: readonly string[]): void {
    for (const label of labels) {
      const count = this.#labels.get(label);
      if (count !== undefined || this.#labels.size < MAX_LABELS) this.#labels.set(label, (count ?? 0) + 1);
    }
  }

  #add({ code, message, location, hint }: TunebookError): void {
    if (this.#facts.problems.length >= (this.#options.maxProblems ?? 50)) return;
    // What is wrong with a whole column is met in each of its rows.
    const columnWide = `${code} ${location?.file ?? ''} ${message}`;
    if (location?.line === undefined && this.#columnWide.has(columnWide)) return;
    this.#columnWide.add(columnWide);
    const problem: DataProblem = { code, file: location?.file ?? '', message };
    if (location?.line !== undefined) problem.line = location.line;
    if (location?.column !== undefined) problem.column = location.column;
    if (hint !== undefined) problem.hint = hint;
    this.#facts.problems.push(problem);
  }

  #column(role: string): string {
    return this.#params.columns[role] ?? usualColumn(this.#params.format, role);
  }

  #totalBytes(): number {
    return this.#params.files.reduce(
      (sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
  }
}

/** What to ask of a row of a format whose columns are no plain texts; it throws what is wrong with it. */
function rowCheck(params: InspectDataParams): ((row: SourceRow) => unknown) | undefined {
  const { format, columns, labels } = params;
  if (format === PREFERENCE) return (row) => readPreference(row, columns);
  if (format !== 'tokens') return conversationReader({ format, columns });
  const reader = labels && new LabelReader(columns['tags'] ?? usualColumn(format, 'tags'), { labels });
  return (row) => readTags(row, columns, reader);
}

function asExample({ values }: SourceRow): Record<string, string> {
  const shorten = (value: unknown) => {
    const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
    return text.length > LONGEST_EXAMPLE ? `${text.slice(0, LONGEST_EXAMPLE)}…` : text;
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shorten(value)]));
}

function empty(file: string, header: string[] | undefined): TunebookError {
  const what = header === undefined ? 'no rows' : `a header (${list(header)}) but no rows`;
  return dataError(
    'data/empty',
    `${file} has ${what}.`,
    { file, line: 1 },
    'Point `files:` at a file with rows.',
  );
}
