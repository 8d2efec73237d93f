import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runsFolder } from '../../runs/workspace.ts';
import { explainRefusal } from './refusal.ts';
import { makeFolder } from '../../runs/make-folder.ts';

/** What to start, and with what. All paths are absolute. */
export interface Launch {
  /** What `tunebook` is told, without the folder. */
  args: readonly string[];
  /** The id that the run has or shall have. */
  id: string;
  /** Whether the process has come so far that it tells the rest in the run directory; by default when that is there. */
  hasBegun?: (directory: string) => boolean;
  /** What it finds in its environment besides ours. */
  environment?: Readonly<Record<string, string>>;
  /** The folder that holds the `.tunebook` of the config. */
  workspace: string;
  /** `tunebook.js` (see `trainerCopy`). */
  trainer: string;
  /** A folder for what the process prints before it has a run directory. */
  logs: string;
}

/** Milliseconds between two looks whether it has begun. */
const LOOK = 50;
const KEEP_LOGS = 7 * 24 * 3600_000;

/** Where the output of a launch goes. */
export function launchLog(logs: string, id: string): string {
  return join(logs, `${id}.log`);
}

/**
 * Starts the trainer as a process of its own, which closing the window does not end, and resolves with the run
 * directory as soon as it has begun there.
 * @throws TunebookError `launch/refused` when the process ends before, with what it printed: mistakes in the config.
 */
export async function launch(options: Launch): Promise<string> {
  const { id, workspace, trainer, logs, hasBegun = existsSync } = options;
  makeFolder(logs);
  removeOldLogs(logs);
  const log = launchLog(logs, id);
  const output = openSync(log, 'a');
  const args = [trainer, ...options.args, '--workspace', workspace];
  const child = spawn(process.execPath, args, {
    cwd: workspace,
    detached: true,
    windowsHide: true,
    stdio: ['ignore', output, output],
    env: { ...process.env, ...options.environment, ELECTRON_RUN_AS_NODE: '1' },
  });
  closeSync(output);
  child.unref();
  const directory = join(runsFolder(workspace), id);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) =>
      resolve(readFileSync(log, 'utf8') || `It ended with ${signal ?? code}.`),
    );
  });
  // However long that takes: before its run begins, the trainer reads all the data to find mistakes.
  const said = await Promise.race([ended, begins(() => hasBegun(directory), ended)]);
  if (said !== undefined && !hasBegun(directory)) throw explainRefusal(said, workspace, log);
  return directory;
}

/** Resolves when it has begun, or never can. */
async function begins(hasBegun: () => boolean, ended: Promise<unknown>): Promise<undefined> {
  let isOver = false;
  void ended.then(() => (isOver = true));
  while (!hasBegun() && !isOver) await new Promise((resolve) => setTimeout(resolve, LOOK));
  return undefined;
}

function removeOldLogs(logs: string): void {
  for (const name of readdirSync(logs)) {
    const path = join(logs, name);
    if (Date.now() - statSync(path).mtimeMs > KEEP_LOGS) rmSync(path, { force: true });
  }
}
