import type { RunSummary } from '../../protocol/run.ts';

/**
 * The runs whose curves are shown for a row of the Runs view: of a sweep all its runs, else the run itself.
 * @param runs all that are known
 */
export function shownRuns(runs: readonly RunSummary[], id: string): string[] {
  const parts = runs.filter(({ parent }) => parent?.as === 'sweep' && parent.id === id);
  return parts.length > 0 ? parts.map((part) => part.id).sort() : [id];
}
