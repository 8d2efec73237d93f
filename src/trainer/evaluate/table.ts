import type { EvaluationResult, MetricEstimate, PairComparison } from '../../protocol/evaluation.ts';
import {
  displayMetric,
  displayP,
  displaySize,
  displaySpread,
  displayValue,
  hasPoints,
} from '../../protocol/display.ts';
import { alignColumns, shorten, wrap } from './columns.ts';

/** Characters of a line: a terminal of 100 columns shows every table whole. */
const WIDTH = 99;
/** Characters of a candidate's name; a longer one loses its middle. */
const NAME_WIDTH = 20;

/**
 * An evaluation for a terminal: the candidates with their intervals, the pairs with difference and p, the verdict, and what a reader
 * must know of the candidates. Plain text of at most 99 columns, lines parted by `\n`, none at the end.
 */
export function formatEvaluation(result: EvaluationResult): string {
  const n = Object.values(Object.values(result.candidates)[0] ?? {})[0]?.n ?? 0;
  const title = `${result.data}, ${n} example${n === 1 ? '' : 's'}, each interval 95 %`;
  const notes = Object.entries(result.sources ?? {}).flatMap(([name, source]) =>
    (source.notes ?? []).map((note) => wrap(`${name}: ${note}`, WIDTH)),
  );
  const parts = [title, ...candidateTables(result), pairTable(result.pairs)];
  return [...parts, wrap(`${result.verdict}.`, WIDTH), notes.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Candidates × metrics; metrics that do not fit beside each other go into a table of their own. */
function candidateTables({ candidates }: EvaluationResult): string[] {
  const names = Object.keys(candidates);
  const metrics = Object.keys(candidates[names[0] ?? ''] ?? {});
  const columns = metrics.map((metric) => [
    displayMetric(metric),
    ...names.map((name) => describeEstimate(metric, candidates[name]?.[metric])),
  ]);
  const first = ['', ...names.map((name) => shorten(name, NAME_WIDTH))];
  const tables: string[][][] = [];
  for (const column of columns) {
    const last = tables.at(-1);
    if (last && alignColumns([first, ...last, column]).width <= WIDTH) last.push(column);
    else tables.push([column]);
  }
  return tables.map((table) => alignColumns([first, ...table]).text);
}

/** `91.0 % (87.2 to 93.7)`, `4.81 ms (4.7 to 4.95)`, or `-` for what was not measured. */
function describeEstimate(metric: string, estimate: MetricEstimate | undefined): string {
  if (!estimate) return '-';
  const { value, ci } = estimate;
  const [low, high] = ci.map((limit) => displaySize(metric, limit).replace(' ms', ''));
  const spread = displaySpread(metric, estimate.repeats);
  return `${displayValue(metric, value)} (${low} to ${high})${spread === undefined ? '' : ` ${spread}`}`;
}

/** Every pair and metric, with the difference in points: later candidate minus earlier one. */
function pairTable(pairs: readonly PairComparison[]): string {
  if (pairs.length === 0) return '';
  const corrected = pairs.some((pair) => pair.pAdjusted !== pair.p);
  const row = ({ a, b, metric, difference, ci, pAdjusted }: PairComparison) => [
    `${shorten(b, NAME_WIDTH)} − ${shorten(a, NAME_WIDTH)}`,
    displayMetric(metric),
    `${difference > 0 ? '+' : ''}${displaySize(metric, difference)}${hasPoints(metric) ? ' points' : ''} (${displaySize(metric, ci[0])} to ${displaySize(metric, ci[1])})`,
    displayP(pAdjusted),
  ];
  const header = ['', 'metric', 'difference', corrected ? 'p (Holm)' : 'p'];
  const rows = [header, ...pairs.map(row)];
  return alignColumns(header.map((_, column) => rows.map((cells) => cells[column] ?? ''))).text;
}
