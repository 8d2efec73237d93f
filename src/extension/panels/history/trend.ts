import type { SeriesFacts } from '../../../protocol/webview.ts';

/** Fewer finite values than this tell no trend. */
const LEAST_VALUES = 10;
/** A slope counts when it is this many of its standard errors away from zero, … */
const ERRORS = 3;
/** … and moves the value by this share of all it has ever moved. */
const SHARE = 0.02;

/** Sums of a stretch of points that a least-squares line needs; values that are not finite do not count. */
export interface Moments {
  count: number;
  meanX: number;
  meanY: number;
  sxx: number;
  sxy: number;
  syy: number;
  /** The first and the last x. */
  from: number;
  to: number;
}

const NONE: Moments = { count: 0, meanX: 0, meanY: 0, sxx: 0, sxy: 0, syy: 0, from: Infinity, to: -Infinity };

/** Where the last quarter of so many values begins; a little more where that is too few. */
export function trendStart(length: number): number {
  return Math.min(Math.floor(length * 0.75), Math.max(0, length - LEAST_VALUES));
}

/**
 * Where a stretch goes: the sign of its least-squares line, if that is more than noise and more than nothing beside the whole
 * curve.
 *
 * @param stretch the moments of the last quarter of a series
 * @param spread largest less smallest value of the whole series
 */
export function findTrend(stretch: readonly Moments[], spread: number): SeriesFacts['trend'] {
  const { count, sxx, sxy, syy, from, to } = stretch.reduce(join, NONE);
  const width = count > 0 ? to - from : 0;
  const slope = sxx > 0 ? sxy / sxx : 0;
  const residual = Math.max(0, syy - slope * sxy) / Math.max(1, count - 2);
  const error = sxx > 0 ? Math.sqrt(residual / sxx) : 0;
  if (count < LEAST_VALUES || width === 0) return undefined;
  if (Math.abs(slope) <= ERRORS * error || Math.abs(slope) * width < SHARE * spread || slope === 0)
    return 'level';
  return slope > 0 ? 'rising' : 'falling';
}

/**
 * The moments of points.
 * @param x `[n]` steps
 * @param y `[n]` values
 */
export function momentsOf(x: Float64Array, y: Float64Array): Moments {
  const sums = { ...NONE };
  for (let i = 0; i < y.length; i++) {
    const [step, value] = [x[i] ?? NaN, y[i] ?? NaN];
    if (!Number.isFinite(value)) continue;
    sums.count++;
    const [dx, dy] = [step - sums.meanX, value - sums.meanY];
    sums.meanX += dx / sums.count;
    sums.meanY += dy / sums.count;
    sums.sxx += dx * (step - sums.meanX);
    sums.sxy += dx * (value - sums.meanY);
    sums.syy += dy * (value - sums.meanY);
    sums.from = Math.min(sums.from, step);
    sums.to = Math.max(sums.to, step);
  }
  return sums;
}

/** The moments of two stretches together (Chan, Golub and LeVeque 1979). */
function join(a: Moments, b: Moments): Moments {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  const [dx, dy] = [b.meanX - a.meanX, b.meanY - a.meanY];
  const weight = (a.count * b.count) / count;
  return {
    count,
    meanX: a.meanX + (dx * b.count) / count,
    meanY: a.meanY + (dy * b.count) / count,
    sxx: a.sxx + b.sxx + dx * dx * weight,
    sxy: a.sxy + b.sxy + dx * dy * weight,
    syy: a.syy + b.syy + dy * dy * weight,
    from: Math.min(a.from, b.from),
    to: Math.max(a.to, b.to),
  };
}
