import type { ResolvedDataset } from '../../language/resolved.ts';
import { IntegerList, NumberList } from './integers.ts';
import { LabelSetReader, type LabelPlaces } from './label-sets.ts';
import type { LabelRules } from './labels.ts';
import { numberOf } from './numbers.ts';
import type { SourceRow } from './row.ts';

/** What rows answer that do not have one label each: a number for each output of the model. */
export interface Targets {
  readonly problem: 'multi_label_classification' | 'regression';
  /** `[rows, width]`: 1 where a row has the label and 0 where not, or the number itself. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly width: number;
  /** The name of each output; of a regression none. */
  readonly names: readonly string[];
}

/** Reads the answers of rows one after another. */
export interface TargetReader {
  /** @throws TunebookError what is wrong with the row */
  read(row: SourceRow): void;
  /** @throws TunebookError `data/label-count` */
  finish(): Targets;
}

/** The formats whose rows have {@link Targets}. */
export function isTargetFormat(format: string): format is 'multi-label-classification' | 'regression' {
  return format === 'multi-label-classification' || format === 'regression';
}

/** What of a data set says where the answers of its rows stand. */
export interface LabelledData {
  readonly format: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly label_columns?: readonly string[];
  readonly label_separator?: string;
}

/** Where the labels of a data set of format `multi-label-classification` stand. */
export function labelPlaces({
  columns,
  label_columns,
  label_separator,
}: Omit<LabelledData, 'format'>): LabelPlaces {
  return {
    column: columns['labels'] ?? 'labels',
    separator: label_separator ?? ',',
    columns: label_columns,
  };
}

/** What reads the answers of a data set of one of the formats of {@link isTargetFormat}. */
export function targetReader(dataset: ResolvedDataset, rules: LabelRules): TargetReader {
  return dataset.format === 'regression'
    ? numberReader(dataset.columns['label'] ?? 'label')
    : labelSetReader(labelPlaces(dataset), rules);
}

function numberReader(column: string): TargetReader {
  const values = new NumberList();
  return {
    read: (row) => values.push(numberOf(row, column)),
    finish: () => ({ problem: 'regression', values: values.toArray(), width: 1, names: [] }),
  };
}

function labelSetReader(places: LabelPlaces, rules: LabelRules): TargetReader {
  const reader = new LabelSetReader(places, rules);
  const [labels, ends] = [new IntegerList(), new IntegerList()];
  return {
    read(row) {
      labels.append(reader.read(row));
      ends.push(labels.length);
    },
    finish() {
      const { names, order } = reader.finish();
      const width = names.length;
      const [found, until] = [labels.toArray(), ends.toArray()];
      const values = new Float32Array(until.length * width);
      let next = 0;
      until.forEach((end, row) => {
        for (; next < end; next++) values[row * width + order[found[next]!]!] = 1;
      });
      return { problem: 'multi_label_classification', values, width, names };
    },
  };
}
