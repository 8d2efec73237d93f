import type { RunSummary } from '../protocol/run.ts';

/** Characters of an id that are its time. */
const SECONDS = '20261124T170135Z'.length;

type Aged = Pick<RunSummary, 'id' | 'createdAt'>;

/** Orders runs by age. Of those that were made in the same second the id does not say which is newer; `run.json` does. */
export function newestFirst(a: Aged, b: Aged): number {
  return (
    compare(b.id.slice(0, SECONDS), a.id.slice(0, SECONDS)) ||
    compare(b.createdAt, a.createdAt) ||
    compare(b.id, a.id)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
