import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { groupMemory, type GroupMemory } from './cgroup-memory.ts';

/** Bytes of memory. */
export interface MachineMemory {
  /** What this machine has, or what a container may take of it. */
  readonly total: number;
  /** What is in use and cannot be given back at once; in a container what it has itself. */
  readonly used: number;
}

/**
 * What this process may count on.
 * @param group the control group that it is in, where that is limited
 */
export function machineMemory(group: GroupMemory | undefined = groupMemory()): MachineMemory {
  const limit = group?.limit ?? Infinity;
  // Without a limit it is 0 or far above what there is.
  const total = Math.min(totalmem(), process.constrainedMemory() || Infinity, limit);
  const available = Math.min(
    availableMemory(),
    total - process.memoryUsage.rss(),
    limit - (group?.used ?? 0),
  );
  return { used: total - Math.max(0, available), total };
}

/** Linux's `MemAvailable` counts caches as free, `os.freemem` does not everywhere. */
function availableMemory(): number {
  try {
    const available = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'latin1'))?.[1];
    if (available !== undefined) return Number(available) * 1024;
  } catch {
    // Not Linux.
  }
  return freemem();
}
