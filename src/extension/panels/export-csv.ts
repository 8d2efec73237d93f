import type { WireNumber } from '../../protocol/numbers.ts';
import { toWire } from '../../protocol/numbers.ts';
import type { History } from './history/history.ts';

/** A run whose numbers are to be written. */
export interface ExportedRun {
  id: string;
  name: string;
  history: History;
}

/**
 * All numbers of runs at full resolution, as CSV (RFC 4180): one row a run and step, one column a metric. What is no number is
 * written as the word that it is; what a step does not have is empty.
 */
export function csvOf(runs: readonly ExportedRun[]): string {
  const columns = [
    ...new Set(runs.flatMap(({ history }) => [...history.metrics].map(({ metric }) => metric))),
  ];
  const rows = runs.flatMap(({ id, name, history }) => {
    const series = new Map([...history.metrics].map((each) => [each.metric, each.series]));
    const { steps } = history.axes;
    return Array.from(steps.slice(0, steps.length), (step) => {
      const values = columns.map((column) => {
        const value = series.get(column)?.at(step);
        return value === undefined ? '' : String(toWire(value) satisfies WireNumber);
      });
      const places = [step, history.axes.place('epoch', step), history.axes.place('time', step) * 3600];
      return [quote(id), quote(name), ...places.map(String), ...values].join(',');
    });
  });
  return [['run', 'name', 'step', 'epoch', 'seconds', ...columns.map(quote)].join(','), ...rows, ''].join(
    '\r\n',
  );
}

function quote(text: string): string {
  // A text that a spreadsheet would take for a formula stays a text.
  const safe = /^[=+@\t\r-]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
