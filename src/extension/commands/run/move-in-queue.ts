import * as vscode from 'vscode';
import { runTitle } from '../../../protocol/describe-run.ts';
import { TunebookError } from '../../../protocol/error.ts';
import { DeviceQueue } from '../../../runs/device-queue.ts';
import type { Services } from '../../services.ts';
import { chosenRuns } from './chosen.ts';

/** `Tunebook: Move Run in Queue`: lets a run that waits for its device have another place. */
export async function moveInQueue(services: Services, ...args: unknown[]): Promise<void> {
  const [run] = await chosenRuns(services, args, {
    title: 'Move Run in Queue',
    none: 'No run waits for a device.',
    among: ({ state }) => state === 'queued',
  });
  if (!run) return;
  const queue = DeviceQueue.known()
    .map((device) => new DeviceQueue(device))
    .find((each) => each.waiting().some((entry) => entry.run === run.id));
  if (!queue) throw new TunebookError('run/not-queued', `${runTitle(run)} does not wait any more.`);
  const items = queue.waiting().map((entry, index) => ({
    label: `${index + 1}. ${index === 0 ? 'Next in line' : `After ${index} others`}`,
    description: entry.run === run.id ? 'now' : `now ${entry.run}`,
    index,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: `Place of ${runTitle(run)} in the Queue`,
  });
  if (picked) queue.move(run.id, picked.index);
  await services.store.refresh();
}
