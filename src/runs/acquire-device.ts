import { basename } from 'node:path';
import { DeviceQueue } from './device-queue.ts';
import type { StopRequest } from './stop.ts';

/** The right to compute on a device, held until {@link DeviceLease.release} or the end of the process. */
export interface DeviceLease {
  readonly device: string;
  release(): void;
}

export interface AcquireOptions {
  stop: StopRequest;
  /** Told, once for every change, why the run waits: a sentence for people. */
  onWait: (reason: string) => void;
  /** Milliseconds between two looks at the queue. */
  interval?: number;
}

/**
 * Waits until a device is free and this run is the next in line, and takes it. One run computes on a device at a time,
 * per user and machine. Gives undefined when the run was asked to stop while it waited.
 * @param dir the run directory; its last part is the run's id.
 */
export async function acquireDevice(
  device: string,
  dir: string,
  { stop, onWait, interval = 500 }: AcquireOptions,
): Promise<DeviceLease | undefined> {
  const queue = new DeviceQueue(device);
  const run = basename(dir);
  let told: string | undefined;
  try {
    while (!stop.requested) {
      // Again at every look: somebody may have emptied the temporary folder meanwhile.
      queue.enter(run, dir);
      const ahead = queue.waiting().findIndex((entry) => entry.run === run);
      const release = ahead === 0 ? queue.lock.tryAcquire(run, dir) : undefined;
      if (release) return { device, release };
      const reason = waitingReason(device, queue.lock.holder()?.run, ahead);
      if (reason !== told) onWait((told = reason));
      await pause(interval, stop);
    }
    return undefined;
  } finally {
    queue.leave(run);
  }
}

function waitingReason(device: string, holder: string | undefined, ahead: number): string {
  const others =
    ahead === 0 ? 'next in line' : ahead === 1 ? '1 run is before it' : `${ahead} runs are before it`;
  return `Waits for ${device}${holder ? `, where ${holder} runs` : ''}; ${others}.`;
}

/** Waits, but not past a request to stop. */
function pause(milliseconds: number, stop: StopRequest): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    const forget = stop.onRequest(done);
    function done(): void {
      clearTimeout(timer);
      // At the next turn: the request may have been made before onRequest could give its function.
      queueMicrotask(() => forget());
      resolve();
    }
  });
}
