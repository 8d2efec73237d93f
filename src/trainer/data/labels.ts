import { TunebookError } from '../../protocol/error.ts';
import { wrongColumnType } from './column-type.ts';
import { dataError, list, placeOf, quote } from './problem.ts';
import type { SourceRow } from './row.ts';

/** What is known of the labels before the data is read. */
export interface LabelRules {
  /** The labels in the order of the model's outputs. Without it they are taken from the data, sorted. */
  labels?: readonly string[];
  /** How many outputs the model has. */
  num_labels?: number;
  /** The labels of the base model's head: those of the run where it knows all of the data's, so that it goes on with what it has learnt. */
  head?: readonly string[];
}

/** Turns the values of the label column into the indices of a model's outputs. */
export class LabelReader {
  readonly #column: string;
  #classes: readonly string[] | undefined;
  readonly #rules: LabelRules;
  readonly #known: Map<string, number> | undefined;
  /** Labels of the data in the order in which they were met, and the place of the first row of each. */
  readonly #met = new Map<string, { index: number; file: string; line: number }>();

  constructor(column: string, rules: LabelRules) {
    this.#column = column;
    this.#rules = rules;
    if (rules.labels) this.#known = new Map(rules.labels.map((label, index) => [label, index]));
  }

  /**
   * The label of a row, as an index: of `labels` where they are given (an integer that is no name of a label is such an index
   * itself), else of the labels in the order in which they came, which {@link finish} puts in their final order.
   * @throws TunebookError `data/empty-label`, `data/bad-labels`, `data/unknown-label`
   */
  read(row: SourceRow): number {
    const { values, file, line, classes } = row;
    const value = values[this.#column];
    this.#classes ??= classes?.[this.#column];
    const label = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
    if (label === undefined && value !== undefined && value !== null) throw noLabel(row, this.#column, value);
    if (label === undefined || label.trim() === '') {
      const message = `${placeOf({ file, line })} has no label in the column "${this.#column}".`;
      throw dataError('data/empty-label', message, { file, line }, 'Fill in the label, or delete the row.');
    }
    if (!this.#known) {
      const index = this.#met.get(label)?.index ?? this.#met.size;
      if (index === this.#met.size) this.#met.set(label, { index, file, line });
      return index;
    }
    const index = this.#known.get(label) ?? asIndex(label, this.#known.size);
    if (index === undefined) throw this.#unknownLabel(label, file, line);
    return index;
  }

  /**
   * The final names, and for each index that {@link read} gave the final one. Names that are all integers are sorted by value, others
   * by character code, as `sorted()` does in Hugging Face's own scripts; names of classes that the file tells keep its order.
   * @throws TunebookError `data/label-count` when `num_labels` is another number than there are labels
   */
  finish(): { names: string[]; order: Int32Array } {
    const { labels, num_labels } = this.#rules;
    if (labels) {
      if (num_labels !== undefined && num_labels !== labels.length) throw listedOtherwise(labels, num_labels);
      return { names: [...labels], order: Int32Array.from(labels, (_, index) => index) };
    }
    const met = [...this.#met.keys()];
    const head = this.#headThatKnows(met);
    if (head) return { names: [...head], order: Int32Array.from(met, (name) => head.indexOf(name)) };
    const integers = met.every((name) => /^-?\d+$/.test(name));
    const classes = this.#classes ?? [];
    const names = met.every((name) => classes.includes(name))
      ? met.sort((a, b) => classes.indexOf(a) - classes.indexOf(b))
      : integers
        ? met.sort((a, b) => Number(a) - Number(b))
        : met.sort((a, b) => (a < b ? -1 : 1));
    if (num_labels !== undefined && num_labels !== names.length) throw this.#wrongCount(names, num_labels);
    const order = new Int32Array(names.length);
    for (const [final, name] of names.entries()) order[this.#met.get(name)!.index] = final;
    return { names, order };
  }

  #headThatKnows(met: readonly string[]): readonly string[] | undefined {
    const { head, num_labels } = this.#rules;
    const fits = head && (num_labels === undefined || num_labels === head.length);
    return fits && met.every((name) => head.includes(name)) ? head : undefined;
  }

  #unknownLabel(label: string, file: string, line: number): TunebookError {
    const names = [...(this.#known?.keys() ?? [])];
    const near = names.find((name) => name.toLowerCase() === label.trim().toLowerCase());
    const message = `${placeOf({ file, line })} has the label ${quote(label)}, which is none of the ${names.length} labels (${list(names)}).`;
    const hint = near ? `Write it as "${near}".` : 'Correct the label, or add it to `labels:`.';
    return dataError('data/unknown-label', message, { file, line }, hint);
  }

  #wrongCount(names: string[], num_labels: number): TunebookError {
    const file = this.#met.values().next().value?.file ?? '';
    const message = `num_labels is ${num_labels}, but the column "${this.#column}" of ${file} holds ${names.length} different labels (${list(names)}).`;
    const more = `Set num_labels: ${names.length}`;
    const hint =
      names.length > num_labels
        ? `${more}, or correct the rows with labels that should not be.`
        : `${more}, or list all labels in \`labels:\`.`;
    return dataError('data/label-count', message, { file }, hint);
  }
}

function noLabel(row: SourceRow, column: string, value: unknown): TunebookError {
  const { file, line } = row;
  const code = 'data/bad-labels';
  return (
    wrongColumnType(row, column, value, { code, wanted: 'texts or numbers' }) ??
    dataError(
      code,
      `${placeOf(row)} has ${quote(value)} in the column "${column}", which is no label.`,
      { file, line },
      'A label is a text or a number. Several labels a row are `format: multi-label-classification`.',
    )
  );
}

function listedOtherwise(labels: readonly string[], num_labels: number): TunebookError {
  return new TunebookError(
    'data/label-count',
    `num_labels is ${num_labels}, but ${labels.length} labels are listed (${list(labels)}).`,
    { hint: `Set num_labels: ${labels.length}, or leave it out.` },
  );
}

function asIndex(label: string, count: number): number | undefined {
  const index = /^\d+$/.test(label) ? Number(label) : NaN;
  return index < count ? index : undefined;
}
