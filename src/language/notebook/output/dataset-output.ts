import type { DatasetDescription } from '../../../protocol/notebook.ts';
import { bar, markdownTable, plainMarkdown } from './table.ts';

/** More labels than this are counted together. */
const MAX_LABELS = 24;

/** What a data set holds, as Markdown: splits, labels, lengths and a few rows. */
export function datasetOutput(data: DatasetDescription): string {
  const parts = [splitTable(data), labelTable(data), lengthTable(data), sampleTable(data)];
  return parts.filter((part) => part !== '').join('\n\n');
}

function splitTable({ splits }: DatasetDescription): string {
  const rows = splits.map(({ split, rows: count, words }) => [
    plainMarkdown(split),
    whole(count),
    whole(words.median),
    whole(words.p95),
    whole(words.longest),
  ]);
  return markdownTable(['split', 'rows:', 'words, median:', '95 % have at most:', 'longest:'], rows);
}

function labelTable({ labels = [], splits }: DatasetDescription): string {
  if (labels.length === 0) return '';
  const shown = labels.slice(0, labels.length > MAX_LABELS ? MAX_LABELS - 1 : MAX_LABELS);
  const rest = labels.slice(shown.length);
  const rows = shown.map(({ label, counts }) => [plainMarkdown(label, 60), ...counts.map(whole)]);
  if (rest.length > 0) {
    const sums = splits.map((_, index) => rest.reduce((sum, { counts }) => sum + (counts[index] ?? 0), 0));
    rows.push([`*${rest.length} more labels*`, ...sums.map(whole)]);
  }
  const titles = [`label (${labels.length})`, ...splits.map(({ split }) => `${plainMarkdown(split)}:`)];
  return markdownTable(titles, rows);
}

function lengthTable({ lengths }: DatasetDescription): string {
  if (lengths.length < 2) return '';
  const most = Math.max(...lengths.map(({ rows }) => rows));
  const rows = lengths.map(({ from, to, rows: count }) => [
    from === to ? whole(from) : `${whole(from)} to ${whole(to)}`,
    whole(count),
    bar(count / most),
  ]);
  return markdownTable(['words in a row', 'rows:', ''], rows);
}

function sampleTable({ sample }: DatasetDescription): string {
  if (sample.rows.length === 0) return '';
  return markdownTable(
    sample.columns.map((name) => plainMarkdown(name, 60)),
    sample.rows.map((row) => row.map((value) => plainMarkdown(value))),
  );
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
