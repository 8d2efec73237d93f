import type { Services } from '../services.ts';
import { pickRun } from './pick-run.ts';

/** `Tunebook: Open Metrics`: the charts and the evaluation of a run. */
export async function openMetrics(services: Services, id?: unknown): Promise<void> {
  const run = await pickRun(services, id, { title: 'Open Metrics', none: 'Nothing has run here yet.' });
  if (run) services.showMetrics([run.id], false);
}
