import { statfsSync } from 'node:fs';
import type { ResolvedRun } from '../../language/resolved.ts';
import { TunebookError } from '../../protocol/error.ts';
import { formatBytes } from '../../protocol/format.ts';
import type { RunPlan } from '../../protocol/plan.ts';

/**
 * Makes sure that what a run keeps has room on the disk.
 * @param workspace the folder that will hold it
 * @throws TunebookError `run/disk` with what would fit
 */
export function checkDisk(run: ResolvedRun, { disk }: Pick<RunPlan, 'disk'>, workspace: string): void {
  const { bavail, bsize } = statfsSync(workspace);
  const free = bavail * bsize;
  if (disk.most <= free) return;
  const room = Math.floor((free - disk.output) / disk.checkpoint);
  throw new TunebookError(
    'run/disk',
    `The run would keep ${formatBytes(disk.most)}, and the disk has ${formatBytes(free)} left.`,
    {
      hint:
        room >= 1
          ? `Set train: { save_total_limit: ${room} }, or make room.`
          : 'Set train: { save_strategy: no }, or make room.',
      location: { file: run.file },
    },
  );
}
