import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { folderBytes } from './folder-bytes.ts';
import { isFinal } from '../protocol/events.ts';
import { readRun } from './read.ts';
import { listRunDirectories } from './list.ts';
import { processStartTime } from './process.ts';
import { runsFolder } from './workspace.ts';

/** Something that a process left behind that died while it wrote or deleted it. */
export interface Leftover {
  path: string;
  bytes: number;
}

/**
 * What lies in the runs of a workspace that nobody will ever read: half-made run directories, half-written or half-deleted
 * checkpoints and temporary files of runs that have ended.
 */
export function findLeftovers(workspace: string): Leftover[] {
  const found: string[] = [];
  const runs = runsFolder(workspace);
  for (const name of namesIn(runs)) {
    const pid = /^\.new-.+-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && processStartTime(Number(pid)) === undefined) found.push(join(runs, name));
  }
  for (const dir of listRunDirectories(workspace)) {
    const names = namesIn(dir).filter((name) => /^\..+\.(new|old)$|\.\d+-\d+\.tmp$|^\.reserve$/.test(name));
    if (names.length > 0 && isFinal(readRun(dir).state)) found.push(...names.map((name) => join(dir, name)));
  }
  return found.map((path) => ({ path, bytes: folderBytes(path) }));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
