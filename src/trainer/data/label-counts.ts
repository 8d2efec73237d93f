import { missingColumn } from './columns.ts';
import { LabelSetReader, namesIn } from './label-sets.ts';
import { LabelReader } from './labels.ts';
import { numberOf } from './numbers.ts';
import type { SourceRow } from './row.ts';
import { labelPlaces, type LabelledData } from './targets.ts';

/** Looks at what the rows of a labelled format answer. */
export interface AnswerCheck {
  /**
   * The labels of a row by name; none for a number.
   * @throws TunebookError what is wrong with them
   */
  read(row: SourceRow): string[];
  /** Labels that are known without a row that has them. */
  readonly known: readonly string[];
}

/** What reads the answers of a format whose rows have a label, labels or a number; `undefined` for other formats. */
export function answerCheck(
  data: LabelledData,
  labels: readonly string[] | undefined,
): AnswerCheck | undefined {
  const rules = labels ? { labels } : {};
  const column = data.columns['label'] ?? 'label';
  switch (data.format) {
    case 'classification': {
      const reader = new LabelReader(column, rules);
      return {
        known: [],
        read: (row) => {
          if (!(column in row.values)) throw missingColumn(row, 'label', column);
          reader.read(row);
          return [String(row.values[column])];
        },
      };
    }
    case 'multi-label-classification': {
      const places = labelPlaces(data);
      const reader = new LabelSetReader(places, rules);
      const names = labels ?? places.columns ?? [];
      return {
        known: places.columns ?? [],
        read: (row) => {
          const found = reader.read(row);
          return places.columns
            ? found.map((label) => names[label]!)
            : [...new Set(namesIn(row, places).map(({ name }) => String(name)))];
        },
      };
    }
    case 'regression':
      return { known: [], read: (row) => (numberOf(row, column), []) };
    default:
      return undefined;
  }
}
