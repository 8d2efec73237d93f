import type { SeriesFacts } from '../../../protocol/webview.ts';

/** Fewer finite values than this tell no trend. */
const LEAST_VALUES = 10;
/** A slope counts when it is this many of its standard errors away from zero, … */
const ERRORS = 3;
/** … and moves the value by this share of all it has ever moved. */
const SHARE = 0.02;

/**
 * Where the last quarter of a series goes: the sign of its least-squares line, if that is more than noise and more than
 * nothing beside the whole curve.
 *
 * @param x `[n]` steps
 * @param y `[n]` values; those that are not finite do not count
 * @param spread largest less smallest value of the whole series
 */
export function findTrend(x: Float64Array, y: Float64Array, spread: number): SeriesFacts['trend'] {
  const start = Math.min(Math.floor(y.length * 0.75), Math.max(0, y.length - LEAST_VALUES));
  const { count, slope, error, width } = fitLine(x.subarray(start), y.subarray(start));
  if (count < LEAST_VALUES || width === 0) return undefined;
  if (Math.abs(slope) <= ERRORS * error || Math.abs(slope) * width < SHARE * spread || slope === 0)
    return 'level';
  return slope > 0 ? 'rising' : 'falling';
}

/** Ordinary least squares over the finite values: slope, its standard error, and the width that the values span in x. */
function fitLine(x: Float64Array, y: Float64Array) {
  let [count, meanX, meanY, sxx, sxy, syy] = [0, 0, 0, 0, 0, 0];
  let [from, to] = [Infinity, -Infinity];
  for (let i = 0; i < y.length; i++) {
    const [step, value] = [x[i] ?? NaN, y[i] ?? NaN];
    if (!Number.isFinite(value)) continue;
    count++;
    const [dx, dy] = [step - meanX, value - meanY];
    meanX += dx / count;
    meanY += dy / count;
    sxx += dx * (step - meanX);
    sxy += dx * (value - meanY);
    syy += dy * (value - meanY);
    from = Math.min(from, step);
    to = Math.max(to, step);
  }
  const slope = sxx > 0 ? sxy / sxx : 0;
  const residual = Math.max(0, syy - slope * sxy) / Math.max(1, count - 2);
  return { count, slope, error: sxx > 0 ? Math.sqrt(residual / sxx) : 0, width: count > 0 ? to - from : 0 };
}
