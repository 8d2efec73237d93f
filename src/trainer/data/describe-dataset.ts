import type { ResolvedDataset } from '../../language/resolved.ts';
import { rolesOf } from '../../language/schema/formats.ts';
import type { DatasetDescription, SplitDescription } from '../../protocol/notebook.ts';
import { countWords } from './count-words.ts';
import { answerCheck } from './label-counts.ts';
import { makePauses } from './pause.ts';
import type { SourceRow } from './read.ts';
import { readSplit } from './read-split.ts';

/** Roles of columns that hold what a row answers. */
const ANSWERS = new Set(['label', 'labels']);
/** Rows of the sample. */
const SAMPLE = 3;
/** Lengths are counted in at most this many classes. */
const CLASSES = 10;

/**
 * Reads every split of a data set and says what it holds: rows, labels, words a row, and the first rows. Memory grows with the
 * number of different labels and lengths, not with the files.
 * @throws TunebookError of the data readers, at the first row that is wrong; the signal's reason when aborted
 */
export async function describeDataset(
  dataset: ResolvedDataset,
  signal: AbortSignal,
): Promise<DatasetDescription> {
  const { name, format, files, columns } = dataset;
  const roles = rolesOf(format);
  const hasLabels = roles.some((role) => ANSWERS.has(role)) && format !== 'regression';
  const labels = new Map<string, number[]>();
  const lengths = new Map<number, number>();
  const splits: SplitDescription[] = [];
  const sample: SourceRow[] = [];
  const pause = makePauses({ signal });
  for (const [index, split] of Object.keys(files).entries()) {
    const own = new Map<number, number>();
    const answers = answerCheck(dataset, dataset.labels);
    for (const label of answers?.known ?? []) if (!labels.has(label)) labels.set(label, []);
    let rows = 0;
    for await (const row of readSplit({ dataset, split }, { signal })) {
      rows++;
      if (index === 0 && sample.length < SAMPLE) sample.push(row);
      const words = roles
        .filter((role) => !ANSWERS.has(role) && role !== 'tags')
        .reduce((sum, role) => sum + countWords(row.values[columns[role] ?? role]), 0);
      add(own, words);
      add(lengths, words);
      for (const label of answers?.read(row) ?? []) countLabel(labels, label, index);
      await pause(rows);
    }
    splits.push({ split, rows, words: quantiles(own, rows) });
  }
  return {
    name,
    format,
    splits,
    ...(hasLabels && { labels: ordered(labels, splits.length) }),
    lengths: classes(lengths),
    sample: table(
      sample,
      roles.flatMap((role) =>
        role === 'labels' ? (dataset.label_columns ?? columns[role] ?? role) : (columns[role] ?? role),
      ),
    ),
  };
}

function add(counts: Map<number, number>, value: number): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}

function countLabel(labels: Map<string, number[]>, label: string, split: number): void {
  const counts = labels.get(label) ?? [];
  counts[split] = (counts[split] ?? 0) + 1;
  labels.set(label, counts);
}

function ordered(
  labels: ReadonlyMap<string, number[]>,
  splits: number,
): { label: string; counts: number[] }[] {
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  return [...labels]
    .map(([label, counts]) => ({
      label,
      counts: Array.from({ length: splits }, (_, index) => counts[index] ?? 0),
    }))
    .sort((a, b) => total(b.counts) - total(a.counts) || (a.label < b.label ? -1 : 1));
}

/** Nearest-rank quantiles of numbers that are given with how often each stands there. */
function quantiles(counts: ReadonlyMap<number, number>, n: number): SplitDescription['words'] {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const at = (share: number) => {
    let seen = 0;
    for (const [value, count] of sorted) if ((seen += count) >= share * n) return value;
    return 0;
  };
  return { median: at(0.5), p95: at(0.95), longest: sorted.at(-1)?.[0] ?? 0 };
}

/** Classes of equal width that hold every length; their width is 1, 2 or 5 times a power of ten. */
function classes(counts: ReadonlyMap<number, number>): DatasetDescription['lengths'] {
  const values = [...counts.keys()];
  if (values.length === 0) return [];
  const [least, most] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  const width = niceWidth((most - least + 1) / CLASSES);
  const first = Math.floor(least / width) * width;
  const found = Array.from({ length: Math.floor((most - first) / width) + 1 }, (_, index) => ({
    from: first + index * width,
    to: first + (index + 1) * width - 1,
    rows: 0,
  }));
  for (const [value, count] of counts) {
    const group = found[Math.floor((value - first) / width)];
    if (group) group.rows += count;
  }
  return found;
}

function niceWidth(least: number): number {
  for (let power = 1; ; power *= 10) {
    for (const factor of [1, 2, 5]) if (factor * power >= least) return factor * power;
  }
}

function table(rows: readonly SourceRow[], columns: readonly string[]): DatasetDescription['sample'] {
  const text = (value: unknown) =>
    typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  return { columns: [...columns], rows: rows.map(({ values }) => columns.map((name) => text(values[name]))) };
}
