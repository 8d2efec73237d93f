import { formatPercent, formatWhole } from './format.ts';
import type { RunPlan } from './plan.ts';

/** What becomes of the rows of a plan beside those that are learnt whole: each as ", N …", or nothing. */
export function describeLosses({ rows, truncated, dropped, masked }: RunPlan): string {
  const part = (count: number, what: string) =>
    count === 0 ? '' : `, ${formatWhole(count)} ${what} (${formatPercent(count / rows)})`;
  return [
    part(truncated, 'cut at max_length'),
    part(dropped - masked, 'left out because nothing to predict is left within max_length'),
    part(masked, 'left out because all of it is masked'),
  ].join('');
}

/** How many rows stand together in how many sequences. */
export function describePacking({ rows, sequences, filled }: NonNullable<RunPlan['packing']>): string {
  return `${formatWhole(rows)} rows in ${formatWhole(sequences)} sequences, which are ${formatPercent(filled)} full`;
}
