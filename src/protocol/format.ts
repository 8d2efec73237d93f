/** How numbers are written for people, the same in the tree, the panels and the terminal. English, and no locale. */

/** Seconds as `45 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`; two units at most. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'unknown';
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return join(Math.floor(whole / 60), 'min', whole < 600 ? whole % 60 : 0, 's');
  const minutes = Math.round(whole / 60);
  if (minutes < 24 * 60) return join(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return join(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** A number with up to `digits` significant digits: `0.4312`, `1,234`, `4.8e-5`; `NaN` and infinities as words. */
export function formatNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e9)
    return value
      .toExponential(digits - 1)
      .replace(/\.?0+e/, 'e')
      .replace('e+', 'e');
  if (size >= 10 ** (digits - 1)) return Math.round(value).toLocaleString('en-US');
  return value
    .toPrecision(digits)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

/** Bytes as `812 B`, `812 KiB`, `344.4 MiB`, `2.0 GiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 2 ** 10) return `${bytes} B`;
  if (bytes < 2 ** 20) return `${(bytes / 2 ** 10).toFixed(0)} KiB`;
  return bytes < 2 ** 30 ? `${(bytes / 2 ** 20).toFixed(1)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

/** A whole number with its thousands apart, however large: `1,234,567`. */
export function formatWhole(value: number): string {
  return value.toLocaleString('en-US');
}

/** A share between 0 and 1 as `93.1 %`. */
export function formatPercent(share: number, decimals = 1): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(decimals)} %` : formatNumber(share);
}

/** How long ago something was: `just now`, `3 min ago`, `2 h ago`, `5 d ago`. */
export function formatAge(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ago` : `${Math.floor(hours / 24)} d ago`;
}

/** The metric of a criterion that a judge scores by. */
export function rubricMetric(criterion: string): string {
  return `rubric_${criterion}`;
}

/** Whether a metric is the mean of a judge's scores on a scale of the person's own. */
export function isRubric(metric: string): boolean {
  return metric.startsWith(rubricMetric(''));
}

/** Whether a metric is a share between 0 and 1, which people read as a percentage. */
export function isShare(metric: string): boolean {
  if (isRubric(metric)) return false;
  return /(^|_)(accuracy|f1|precision|recall|exact_match|rouge[12L](_stem)?|pass_rate|win_rate|acc(_norm|_bytes)?)$/.test(
    metric,
  );
}

/** A metric's value as people read it: shares as percentages, the rest as numbers. */
export function formatMetric(metric: string, value: number): string {
  return isShare(metric) ? formatPercent(value) : formatNumber(value);
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
