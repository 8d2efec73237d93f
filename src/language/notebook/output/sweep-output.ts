import { formatMetric, formatNumber } from '../../../protocol/format.ts';
import type { SweepResult, SweepTrial } from '../../../protocol/sweep.ts';
import { markdownTable, plainMarkdown } from './table.ts';

/** More runs than this are counted together. */
const MAX_ROWS = 40;

/** How the runs of a sweep stand, as Markdown: a row for each, the best one in bold. */
export function sweepTable({ metric, fields, trials }: SweepResult): string {
  const best = trials.find(({ state, metric: value }) => state === 'finished' && value !== undefined);
  const rows = trials.slice(0, MAX_ROWS).map((trial) => {
    const cells = [
      plainMarkdown(trial.name),
      ...fields.map((field) => valueWord(trial.values[field])),
      trial.metric === undefined ? '–' : formatMetric(`eval_${metric}`, trial.metric),
      plainMarkdown(stateWord(trial)),
    ];
    return trial === best ? cells.map((cell) => `**${cell}**`) : cells;
  });
  const rest = trials.length - rows.length;
  const titles = [
    'run',
    ...fields.map((field) => `${plainMarkdown(field)}:`),
    `${plainMarkdown(metric)}:`,
    '',
  ];
  const table = markdownTable(titles, rows);
  return rest > 0 ? `${table}\n\n*${rest} more runs.*` : table;
}

/**
 * What came of a sweep, as Markdown.
 * @param end how it ended (`describeEnd`)
 */
export function sweepOutput(end: string, result: SweepResult | undefined): string {
  if (!result) return end;
  return [end, `${plainMarkdown(result.verdict, 1000)}`, sweepTable(result)].join('\n\n');
}

function stateWord({ state, why }: SweepTrial): string {
  const word = state === 'held' ? 'ended early' : state;
  return why === undefined ? word : `${word}: ${why}`;
}

function valueWord(value: SweepTrial['values'][string] | undefined): string {
  if (typeof value === 'number') return formatNumber(value, 6);
  return plainMarkdown(Array.isArray(value) ? value.join(', ') : String(value ?? '–'), 60);
}
