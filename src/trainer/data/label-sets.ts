import type { TunebookError } from '../../protocol/error.ts';
import { wrongColumnType } from './column-type.ts';
import { missingColumn } from './columns.ts';
import { LabelReader, type LabelRules } from './labels.ts';
import { dataError, list, placeOf, quote } from './problem.ts';
import type { SourceRow } from './row.ts';

/** Where the labels of a row stand. */
export interface LabelPlaces {
  /** The column that holds all of them. */
  readonly column: string;
  /** What stands between labels that are written as one text. */
  readonly separator: string;
  /** Instead of `column` a column for each label, with 1 where a row has it and 0 where not. */
  readonly columns?: readonly string[] | undefined;
}

/** How 0 and 1 are written: by pandas as fractions and as words, too. */
const ZERO_ONE: Readonly<Record<string, number>> = { 0: 0, 1: 1, '0.0': 0, '1.0': 1, false: 0, true: 1 };

/** Reads the labels of rows that may have any number of them, none included. */
export class LabelSetReader {
  readonly #places: LabelPlaces;
  readonly #reader: LabelReader;
  readonly #ofColumn: readonly number[];
  readonly #names: readonly string[];

  constructor(places: LabelPlaces, rules: LabelRules) {
    const { columns } = places;
    this.#places = places;
    this.#reader = new LabelReader(columns ? list(columns) : places.column, {
      ...(columns ? { labels: columns } : {}),
      ...rules,
    });
    this.#names = rules.labels ?? columns ?? [];
    this.#ofColumn = (columns ?? []).map((column) => this.#names.indexOf(column));
  }

  /**
   * The labels of a row, each once, as {@link LabelReader.read} numbers them.
   * @throws TunebookError `data/missing-column`, `data/bad-labels`, `data/unknown-label`, and those of {@link LabelReader.read}
   */
  read(row: SourceRow): number[] {
    const { columns, column } = this.#places;
    if (columns) return columns.flatMap((name, place) => this.#readColumn(row, name, this.#ofColumn[place]!));
    if (!(column in row.values)) throw missingColumn(row, 'labels', column);
    const found = namesIn(row, this.#places).map((label) =>
      this.#reader.read({ ...row, values: { [label.column]: label.name } }),
    );
    return [...new Set(found)];
  }

  #readColumn(row: SourceRow, column: string, label: number): number[] {
    if (label === -1) throw strangeColumn(row, column, this.#names);
    return isSet(row, column) ? [label] : [];
  }

  /** As {@link LabelReader.finish}. */
  finish(): { names: string[]; order: Int32Array } {
    return this.#reader.finish();
  }
}

/** The names of the labels of a row as they stand in its one column, in their order. */
export function namesIn(
  row: SourceRow,
  { column, separator }: LabelPlaces,
): { column: string; name: string | number }[] {
  const value = row.values[column];
  const labels = typeof value === 'string' ? split(row, column, value, separator) : value;
  if (labels === null || labels === undefined) return [];
  const isList =
    Array.isArray(labels) && labels.every((label) => typeof label === 'string' || typeof label === 'number');
  if (!isList) throw noLabels(row, column, value);
  return labels.map((name) => ({ column, name }));
}

/** A JSON list, or texts with a separator between them. An empty text has no labels. */
function split(row: SourceRow, column: string, text: string, separator: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  if (!trimmed.startsWith('[')) return trimmed.split(separator).map((label) => label.trim());
  try {
    return JSON.parse(trimmed);
  } catch {
    throw noLabels(row, column, text);
  }
}

/** Whether a column of 0 and 1 says that a row has the label. */
function isSet(row: SourceRow, column: string): boolean {
  if (!(column in row.values)) throw missingColumn(row, 'labels', column);
  const value = row.values[column];
  const key = String(value).trim().toLowerCase();
  const flag = Object.hasOwn(ZERO_ONE, key) ? ZERO_ONE[key] : undefined;
  if (flag !== undefined && typeof value !== 'object') return flag === 1;
  const { file, line } = row;
  const what = value === undefined || value === null || value === '' ? 'nothing' : quote(value);
  throw dataError(
    'data/bad-labels',
    `${placeOf(row)} has ${what} in the column "${column}", which is neither 0 nor 1.`,
    { file, line },
    'Write 1 where the row has the label and 0 where not, or delete the row.',
  );
}

function noLabels(row: SourceRow, column: string, value: unknown): TunebookError {
  const { file, line } = row;
  if (typeof value !== 'string') {
    const wrong = wrongColumnType(row, column, value, { code: 'data/bad-labels', wanted: 'lists of labels' });
    if (wrong) return wrong;
  }
  const isPython = typeof value === 'string' && /^\[\s*'/.test(value);
  return dataError(
    'data/bad-labels',
    `${placeOf(row)} has ${quote(value)} in the column "${column}", which is no list of labels.`,
    { file, line },
    isPython
      ? 'It looks like a list as Python prints it: write it as JSON, with double quotes (["a", "b"]).'
      : 'Write a JSON list (["a", "b"]), or the labels with `label_separator` between them.',
  );
}

function strangeColumn({ file }: SourceRow, column: string, labels: readonly string[]): TunebookError {
  return dataError(
    'data/unknown-label',
    `The column "${column}" of ${file} is none of the ${labels.length} labels (${list(labels)}).`,
    { file },
    'Each of the columns in `labels:` is a label: list them all in the `labels` of the data set or of the model, by the same names.',
  );
}
