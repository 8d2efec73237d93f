import {
  displayMetric,
  displayMilliseconds,
  displayP,
  displaySize,
  displaySpread,
  displayValue,
  hasPoints,
} from '../../../protocol/display.ts';
import type { EvaluationResult, MetricEstimate } from '../../../protocol/evaluation.ts';
import { markdownTable, plainMarkdown } from './table.ts';

/** The outcome of a comparison as Markdown: the verdict, the candidates with their intervals, the pairs, and what to know of them. */
export function evaluationOutput(result: EvaluationResult): string {
  const notes = Object.entries(result.sources ?? {}).flatMap(([name, { notes: said = [] }]) =>
    said.map((note) => `- ${plainMarkdown(name)}: ${plainMarkdown(note, 1000)}`),
  );
  const parts = [
    `**${plainMarkdown(result.verdict, 1000)}.**`,
    candidateTable(result),
    pairTable(result),
    notes.join('\n'),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function candidateTable({ data, candidates }: EvaluationResult): string {
  const metrics = [...new Set(Object.values(candidates).flatMap((each) => Object.keys(each)))];
  const n = Object.values(Object.values(candidates)[0] ?? {})[0]?.n ?? 0;
  const rows = Object.entries(candidates).map(([name, estimates]) => [
    plainMarkdown(name),
    ...metrics.map((metric) => describe(metric, estimates[metric])),
  ]);
  const title = `${plainMarkdown(data)}, ${n.toLocaleString('en-US')} examples (95 % interval)`;
  return markdownTable([title, ...metrics.map((metric) => `${plainMarkdown(displayMetric(metric))}:`)], rows);
}

function describe(metric: string, estimate: MetricEstimate | undefined): string {
  if (!estimate) return '–';
  const { value, ci } = estimate;
  if (metric.startsWith('latency')) {
    const [low, high] = ci.map((limit) => displayMilliseconds(limit).replace(' ms', ''));
    return `${displayMilliseconds(value)} (${low} to ${high})`;
  }
  const spread = displaySpread(metric, estimate.repeats);
  const interval = `${displaySize(metric, ci[0])} to ${displaySize(metric, ci[1])}`;
  return `${displayValue(metric, value)} (${interval})${spread === undefined ? '' : `, ${spread}`}`;
}

function pairTable({ pairs }: EvaluationResult): string {
  if (pairs.length === 0) return '';
  const corrected = pairs.some((pair) => pair.pAdjusted !== pair.p);
  const rows = pairs.map(({ a, b, metric, difference, ci, pAdjusted }) => [
    `${plainMarkdown(b)} − ${plainMarkdown(a)}`,
    plainMarkdown(displayMetric(metric)),
    `${difference > 0 ? '+' : ''}${displaySize(metric, difference)}${hasPoints(metric) ? ' points' : ''} (${displaySize(metric, ci[0])} to ${displaySize(metric, ci[1])})`,
    displayP(pAdjusted).replace('<', '\\<'),
  ]);
  return markdownTable(['pair', 'metric', 'difference:', corrected ? 'p (Holm):' : 'p:'], rows);
}
