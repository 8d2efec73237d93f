import type { Services } from '../services.ts';
import { pickRun } from './pick-run.ts';

/** `Tunebook: Open Comparison`: every row of an evaluation with the answers of its candidates. */
export async function openComparison(services: Services, id?: unknown, row?: unknown): Promise<void> {
  const run = await pickRun(services, id, {
    title: 'Open Comparison',
    none: 'Nothing has been evaluated here yet.',
    among: (run) => run.kind === 'evaluate',
  });
  if (run) services.showComparison(run.id, Number.isSafeInteger(row) ? Number(row) : undefined);
}
