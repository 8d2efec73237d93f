import { formatMetric } from '../../protocol/format.ts';

/** The last numbers of a run, one a line; those that only mean something while it runs are left out. */
export function metricsTable(metrics: Readonly<Record<string, number>>): string[] {
  const rows = Object.entries(metrics)
    .filter(([name]) => name !== 'learning_rate' && !/_(runtime|per_second)$/.test(name))
    .map(([name, value]) => [name, formatMetric(name, value)] as const);
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  const valueWidth = Math.max(0, ...rows.map(([, value]) => value.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value.padStart(valueWidth)}`);
}
