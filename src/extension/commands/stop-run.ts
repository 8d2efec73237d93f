import { isFinal } from '../../protocol/events.ts';
import { stopRun } from '../../runs/control-client.ts';
import type { Services } from '../services.ts';
import { chosenRuns } from './run/chosen.ts';

/** `Tunebook: Stop Run`: asks a run to save a checkpoint and end. */
export async function stopRunCommand(services: Services, ...args: unknown[]): Promise<void> {
  const runs = await chosenRuns(services, args, {
    title: 'Stop Run',
    none: 'Nothing is running.',
    among: ({ state }) => !isFinal(state),
  });
  for (const { dir } of runs) await stopRun(dir);
  await services.store.refresh();
}
