import { isFinal } from '../../runs/reduce.ts';
import { stopRun } from '../../runs/control-client.ts';
import type { Services } from '../services.ts';
import { pickRun } from './pick-run.ts';

/** `Tunebook: Stop Run`: asks a run to save a checkpoint and end. */
export async function stopRunCommand(services: Services, id?: unknown): Promise<void> {
  const run = await pickRun(services, id, {
    title: 'Stop Run',
    none: 'Nothing is running.',
    among: ({ state }) => !isFinal(state),
  });
  if (!run) return;
  await stopRun(run.dir);
  await services.store.refresh();
}
