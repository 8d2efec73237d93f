/** How numbers of an evaluation are written for people, the same in table, verdict and HTML. */

const METRIC_NAMES: Record<string, string> = {
  macro_f1: 'macro-F1',
  micro_f1: 'micro-F1',
  latency: 'latency',
  latency_p95: 'latency p95',
};

/** `macro-F1` for `macro_f1`; a name that is a word stays. */
export function displayMetric(metric: string): string {
  return METRIC_NAMES[metric] ?? metric;
}

/** Hundredths with one decimal: `83.1` for 0.831. What would round to nothing keeps one digit: `0.03`. Never `-0.0`. */
export function displayPoints(value: number): string {
  const points = 100 * value;
  const size = Math.abs(points);
  if (size >= 0.05) return points.toFixed(1);
  return size < 1e-6 ? '0.0' : String(Number(points.toPrecision(1)));
}

/** Milliseconds with three digits at most: `0.482 ms`, `12.5 ms`, `1,250 ms`. */
export function displayMilliseconds(value: number): string {
  if (value >= 1000) return `${Math.round(value).toLocaleString('en-US')} ms`;
  return `${Number(value.toPrecision(3))} ms`;
}

/** `0.013`, or `< 0.001`. */
export function displayP(p: number): string {
  if (p < 0.001) return '< 0.001';
  return p.toFixed(3);
}
