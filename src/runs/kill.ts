import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { TunebookError } from '../protocol/error.ts';
import { systemCode } from './errors.ts';
import { isSameProcess, isThisMachine } from './process.ts';
import { readProcess, readRun } from './read.ts';
import { isFinal } from '../protocol/events.ts';

const INTERVAL = 100;

/** Waits until a run has ended, for at most so many milliseconds. Whether it has. */
export async function runEnds(dir: string, milliseconds: number): Promise<boolean> {
  for (const end = performance.now() + milliseconds; ;) {
    if (isFinal(readRun(dir).state)) return true;
    if (performance.now() >= end) return false;
    await setTimeout(INTERVAL);
  }
}

/**
 * Ends the process of a run at once, with every process that it started. Its newest checkpoint stays, and it can be resumed.
 * @throws TunebookError `run/other-machine`, `run/other-user`
 */
export function killRun(dir: string): void {
  const known = readProcess(dir);
  const { id } = readRun(dir);
  if (!known || !isThisMachine(known))
    throw new TunebookError('run/other-machine', `The process of ${id} is not one of this machine.`, {
      hint: 'End it there.',
    });
  if (!isSameProcess(known)) return;
  try {
    // Looked up before the first is killed: orphans get another parent.
    for (const pid of [known.pid, ...descendants(known.pid)]) process.kill(pid, 'SIGKILL');
  } catch (cause) {
    if (systemCode(cause) === 'ESRCH') return;
    throw new TunebookError('run/other-user', `The process ${known.pid} of ${id} may not be ended.`, {
      hint: 'It belongs to another user: ask them to end it.',
      cause,
    });
  }
}

/** The processes that a process started, and theirs, where `/proc` tells it. */
function descendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of numbersIn('/proc')) {
    const parent = parentOf(name);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), name]);
  }
  const below = (pid: number): number[] =>
    (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(root);
}

function numbersIn(folder: string): number[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
