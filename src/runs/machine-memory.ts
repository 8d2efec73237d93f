import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';

/** Bytes of memory. */
export interface MachineMemory {
  /** What this machine has, or what a container may take of it. */
  readonly total: number;
  /** What is in use and cannot be given back at once; of what else runs in a container nothing is known. */
  readonly used: number;
}

/** What this process may count on. */
export function machineMemory(): MachineMemory {
  // Without a limit it is 0 or far above what there is.
  const total = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  const available = Math.min(availableMemory(), total - process.memoryUsage.rss());
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
