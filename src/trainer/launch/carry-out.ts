import type { DeviceInfo, RunKind } from '../../protocol/run.ts';
import type { RunEvent, RunEventBody } from '../../protocol/events.ts';
import type { TunebookError } from '../../protocol/error.ts';
import { acquireDevice, type DeviceLease } from '../../runs/acquire-device.ts';
import { PauseRequest } from '../../runs/pause.ts';
import { RunWriter } from '../../runs/writer.ts';
import { explainError } from '../command-line/explain-error.ts';
import type { Interruption } from '../command-line/interruption.ts';

/** What came of a run. */
export type Outcome<Result> =
  | { state: 'finished'; result: Result }
  | { state: 'stopped'; result?: Result }
  | { state: 'failed'; error: TunebookError; cause: unknown };

export interface CarryOutOptions<Result> {
  /** The run directory. */
  readonly dir: string;
  readonly kind: RunKind;
  readonly interruption: Interruption;
  /** Told of every event once it is written. */
  readonly onEvent: (event: RunEvent) => void;
  /** Given the writer as soon as there is one, for the log. */
  readonly onWriter: (writer: RunWriter) => void;
  /** The device to wait for; an error that kept one from being found is thrown here. */
  readonly device: () => DeviceInfo;
  /** Computes. Writes the states in between, not the first nor the last. */
  readonly work: (writer: RunWriter, device: DeviceInfo, pause: Pause) => Promise<Done<Result>>;
}

/** How work that can be paused finds out that it shall, and holds on. */
export interface Pause {
  readonly requested: boolean;
  /** Says that the work looks at `requested`, so that a request may be made. */
  allow(): void;
  /** Lets the next run have the device, waits, and takes its turn again. At once when the run is to stop. */
  hold(): Promise<void>;
}

/** How the work of a run ended, when nothing failed. */
export type Done<Result> =
  | { state: 'finished'; result: Result; reason?: string }
  | { state: 'stopped'; result?: Result; reason?: string };

/** The device of what computes nothing itself: nobody waits for it. */
export const NO_DEVICE: DeviceInfo = {
  device: 'none',
  description: 'none',
  reason: 'It computes nothing itself.',
};

/**
 * The life of a run whose directory exists: queued until its device is free, then its work, then its last state. Whatever is thrown
 * on the way becomes an `error` event and the state `failed`, as far as the disk still takes them.
 */
export async function carryOut<Result>(options: CarryOutOptions<Result>): Promise<Outcome<Result>> {
  const { dir, interruption, onEvent } = options;
  const { stop } = interruption;
  let writer: RunWriter | undefined;
  let lease: DeviceLease | undefined;
  const pause = new PauseRequest();
  try {
    const opened = (writer = new RunWriter(dir, { stop, pause }));
    opened.onEvent(onEvent);
    options.onWriter(opened);
    interruption.beforeSecond(() => {
      opened.event({ type: 'state', state: 'stopped', reason: 'Ended at once by a second interruption.' });
      opened.close();
    });
    const device = options.device();
    opened.event({ type: 'state', state: 'queued' });
    const takeTurn = () =>
      acquireDevice(device.device, dir, {
        stop,
        onWait: (reason) => opened.event({ type: 'state', state: 'queued', reason }),
      });
    if (device !== NO_DEVICE) lease = await takeTurn();
    const holding: Pause = {
      get requested() {
        return pause.requested;
      },
      allow: () => pause.allow(),
      hold: async () => {
        opened.event({
          type: 'state',
          state: 'paused',
          reason: 'Paused by request; a checkpoint was saved.',
        });
        releaseQuietly(lease);
        lease = undefined;
        await pause.over(stop);
        lease = await takeTurn();
      },
    };
    const mayWork = lease !== undefined || device === NO_DEVICE;
    const done: Done<Result> = mayWork ? await options.work(opened, device, holding) : { state: 'stopped' };
    const reason = done.reason ?? (done.state === 'stopped' ? stop.reason : undefined);
    opened.event({ type: 'state', state: done.state, ...(reason === undefined ? {} : { reason }) });
    return done;
  } catch (thrown) {
    const error = explainError(thrown, dir, options.kind);
    const { code, message, hint } = error;
    tryEvent(writer, { type: 'error', code, message, ...(hint === undefined ? {} : { hint }) });
    tryEvent(writer, { type: 'state', state: 'failed' });
    return { state: 'failed', error, cause: thrown };
  } finally {
    interruption.beforeSecond(undefined);
    releaseQuietly(lease);
    writer?.close();
  }
}

/** Where even this cannot be written (the folder is gone), the error that led here is told by other means. */
function tryEvent(writer: RunWriter | undefined, body: RunEventBody): void {
  try {
    writer?.event(body);
  } catch {
    // The caller gets the first error, which is the one that matters.
  }
}

/** The lock of a process that has ended counts as free: what cannot be released now is so in a moment. */
function releaseQuietly(lease: DeviceLease | undefined): void {
  try {
    lease?.release();
  } catch {
    // Somebody emptied the temporary folder.
  }
}
