import type { PointArrays } from '../../../protocol/webview.ts';

/** A column of uPlot's data: a number, a gap (null), or nothing at this step, over which a line goes on (undefined). */
export type Column = (number | null | undefined)[];

/**
 * Puts series with steps of their own on one common axis, as uPlot takes them: all steps ascending, and a column for each series.
 * @param positiveOnly for a logarithmic axis: values of 0 and less become gaps
 * @param positivePlaces likewise for places: those of 0 and less are left out
 */
export function alignSeries(
  series: readonly PointArrays[],
  positiveOnly: boolean,
  positivePlaces = false,
): [x: number[], ...Column[]] {
  const all = new Float64Array(series.reduce((sum, { x }) => sum + x.length, 0));
  let offset = 0;
  for (const { x } of series) {
    all.set(x, offset);
    offset += x.length;
  }
  all.sort();
  const steps: number[] = [];
  for (const step of all) {
    if (positivePlaces && step <= 0) continue;
    if (step !== steps[steps.length - 1]) steps.push(step);
  }
  return [steps, ...series.map((one) => alignOne(one, steps, positiveOnly))];
}

function alignOne({ x, y }: PointArrays, steps: readonly number[], positiveOnly: boolean): Column {
  const column = new Array<number | null | undefined>(steps.length).fill(undefined);
  let at = 0;
  for (let i = 0; i < x.length; i++) {
    if ((x[i] ?? NaN) < (steps[0] ?? Infinity)) continue;
    while ((steps[at] ?? Infinity) < (x[i] ?? NaN)) at++;
    const value = y[i] ?? NaN;
    column[at] = Number.isFinite(value) && !(positiveOnly && value <= 0) ? value : null;
  }
  return column;
}

/** The value of a series at a step: that of the nearest step it has, or undefined outside of where it is. */
export function valueNear({ x, y }: PointArrays, step: number): { step: number; value: number } | undefined {
  const [first, last] = [x[0], x[x.length - 1]];
  if (first === undefined || last === undefined || step < first || step > last) return undefined;
  let [low, high] = [0, x.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((x[middle] ?? Infinity) < step) low = middle + 1;
    else high = middle;
  }
  const before = Math.max(0, low - 1);
  const nearest = step - (x[before] ?? -Infinity) <= (x[low] ?? Infinity) - step ? before : low;
  return { step: x[nearest] ?? step, value: y[nearest] ?? NaN };
}
