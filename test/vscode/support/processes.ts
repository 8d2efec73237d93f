import { readdirSync, readFileSync } from 'node:fs';

/** Environment variable by which everything that a server started can be told, also what detached itself: runs. */
export const MARK = 'TUNEBOOK_STARTED_BY';

/** Ends the process group of `pid`; nothing when it has ended already. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}

/**
 * Process ids whose environment carries the mark, as /proc shows them; none on systems without /proc, where only the process
 * group is ended.
 */
export function markedProcesses(mark: string): number[] {
  return processIds().filter((pid) => environment(pid).includes(`${MARK}=${mark}`));
}

/** The command lines of the processes that carry the mark. */
export function markedCommands(mark: string): string[] {
  return markedProcesses(mark).map((pid) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim());
}

/** Ends every process that carries the mark, and waits until none is left (5 s at most). */
export async function endMarked(mark: string): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    const left = markedProcesses(mark);
    if (left.length === 0) return;
    for (const pid of left) end(pid);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

function processIds(): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function environment(pid: number): string[] {
  return read(`/proc/${pid}/environ`).split('\0');
}

/** The text of a file of /proc; nothing once its process has ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
