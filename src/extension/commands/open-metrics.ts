import { shownRuns } from '../runs/shown-runs.ts';
import type { Services } from '../services.ts';
import { pickRun } from './pick-run.ts';

/** `Tunebook: Open Metrics`: the charts and the evaluation of a run; of a sweep all its runs. */
export async function openMetrics(services: Services, id?: unknown): Promise<void> {
  const run = await pickRun(services, id, { title: 'Open Metrics', none: 'Nothing has run here yet.' });
  if (!run) return;
  services.showMetrics(shownRuns(services.store.runs, run.id), false);
}
