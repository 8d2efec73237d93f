import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { RunProcess } from '../protocol/run.ts';
import { systemCode } from './errors.ts';

/** A heartbeat of another machine older than this many milliseconds means that its process is gone. */
export const STALE_HEARTBEAT = 60_000;

/** Who is who among processes: what a {@link RunProcess} holds, without what changes. */
export type ProcessIdentity = Pick<RunProcess, 'pid' | 'startTime' | 'host' | 'boot'>;

/**
 * When a process started: field 22 of `/proc/<pid>/stat`, in clock ticks since boot. Undefined where there is no
 * `/proc`, or no such process. A zombie counts as gone: it does nothing any more.
 */
export function processStartTime(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in parentheses, which may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : Number(fields[19]);
  } catch {
    return undefined;
  }
}

/** The identity of this process. */
export function thisProcess(): ProcessIdentity {
  const startTime = processStartTime(process.pid) ?? Math.round(Date.now() - process.uptime() * 1000);
  return { pid: process.pid, startTime, host: thisHost(), boot: thisBoot() };
}

/**
 * Whether a process still lives. On this machine that is asked of the system, and the start time tells it from
 * another that got the same pid; a process that only stands still (a long step, a sleeping laptop) lives. Of another
 * machine or container only the heartbeat is known.
 */
export function isProcessAlive(known: RunProcess, now: number = Date.now()): boolean {
  if (!isThisMachine(known)) return now - Date.parse(known.heartbeat) < STALE_HEARTBEAT;
  if (known.boot !== undefined && known.boot !== thisBoot()) return false;
  return isSameProcess(known);
}

/** Whether a process runs where this one does, so that its pid means the same here. */
export function isThisMachine({ host }: Pick<RunProcess, 'host'>): boolean {
  return host === undefined || host === thisHost();
}

/** {@link isProcessAlive} for a process known to be of this machine. */
export function isSameProcess({ pid, startTime }: ProcessIdentity): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  const actual = processStartTime(pid);
  if (actual !== undefined) return actual === startTime;
  return process.platform !== 'linux' && isPidTaken(pid);
}

/** Whether some process has this pid now. */
export function isPidTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be signalled, but it is there.
    return systemCode(error) === 'EPERM';
  }
}

let host: string | undefined;

function thisHost(): string {
  return (host ??= [hostname(), tryRead(() => readlinkSync('/proc/self/ns/pid'))].filter(Boolean).join(' '));
}

let boot: string | undefined;

function thisBoot(): string | undefined {
  return (boot ??= tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()));
}

/** Files of `/proc`, which other systems do not have. */
function tryRead(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
