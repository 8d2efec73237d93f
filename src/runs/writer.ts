import { appendFileSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ChangeTexts } from '../protocol/environment.ts';
import type { RunEvent, RunEventBody } from '../protocol/events.ts';
import { TunebookError } from '../protocol/error.ts';
import { RUN_FILES } from '../protocol/run.ts';
import { writeFileAtomic } from './atomic.ts';
import { ControlServer } from './control-server.ts';
import { explainWriteError, isDiskFull } from './errors.ts';
import { EventLog } from './event-log.ts';
import { Heartbeat } from './heartbeat.ts';
import type { RunFold } from './reduce.ts';
import type { PauseRequest } from './pause.ts';
import { maskOf } from './environment.ts';
import { readManifest } from './read.ts';
import { DiskReserve } from './reserve.ts';
import { controlSocketPath } from './runtime-folder.ts';
import type { StopRequest } from './stop.ts';

/** These are on disk before {@link RunWriter.event} returns; the others when the system likes. */
const DURABLE: readonly RunEventBody['type'][] = ['state', 'checkpoint', 'error', 'evaluation'];

/** Fields of events that programs read: words of the protocol, and paths inside of the run directory. */
const WORDS = ['type', 'state', 'phase', 'code', 'split', 'path'];

export interface RunWriterOptions {
  /** Told when somebody asks over the control socket that the run should stop. */
  stop?: StopRequest;
  /** Told when somebody asks over the control socket that the run should hold on. */
  pause?: PauseRequest;
}

/**
 * The one writer of a run directory that exists (see `createRunDirectory`): appends events, keeps the heartbeat, and
 * listens on the control socket. Its timer and its socket do not keep the process alive. Opened on a run that was
 * written before, it goes on after the last whole event.
 */
export class RunWriter {
  /** The run directory, absolute. */
  readonly dir: string;
  readonly #log: EventLog;
  readonly #heartbeat: Heartbeat;
  readonly #control: ControlServer | undefined;
  readonly #reserve: DiskReserve;
  /** Puts `${env.NAME}` in place of values of the environment, which are not to be written anywhere. */
  readonly mask: ChangeTexts;
  /** Puts them back. */
  readonly unmask: ChangeTexts;
  readonly #listeners = new Set<(event: RunEvent) => void>();
  #closed = false;

  /** @throws TunebookError `run/folder-gone`, `run/not-writable`, `run/disk-full` */
  constructor(dir: string, options: RunWriterOptions = {}) {
    this.dir = resolve(dir);
    const { masked = [] } = readManifest(this.dir).manifest?.environment ?? {};
    ({ mask: this.mask, unmask: this.unmask } = maskOf(masked, { workspace: resolve(this.dir, '../../..') }));
    try {
      this.#log = new EventLog(this.dir);
      this.#reserve = new DiskReserve(this.dir);
      const socket = options.stop && controlSocketPath(this.dir);
      this.#control = socket ? this.#listen(socket, options) : undefined;
      this.#heartbeat = new Heartbeat(this.dir, socket, () => this.#heartbeatFailed(options.stop));
    } catch (error) {
      throw explainWriteError(error, 'the run directory', this.dir);
    }
  }

  /** What the events so far add up to. */
  get fold(): Readonly<RunFold> {
    return this.#log.fold;
  }

  /**
   * Appends an event to `events.jsonl`, synchronously; state, checkpoint, evaluation and error events are on disk when
   * it returns.
   * @throws TunebookError `run/disk-full` (the next events still fit: a reserve is given free), `run/folder-gone`
   */
  event(told: RunEventBody): RunEvent {
    const body = this.#masked(told);
    this.#heartbeat.beatIfDue();
    if (!existsSync(this.dir)) throw this.#gone();
    let event: RunEvent;
    try {
      event = this.#log.append(body, DURABLE.includes(body.type));
    } catch (error) {
      // What could not be written is lost only when it was a number; the end of a run is told with the reserve.
      const room = isDiskFull(error) && this.#reserve.release();
      if (!room || !DURABLE.includes(body.type))
        throw explainWriteError(error, 'an event of the run', this.dir);
      event = this.#log.append(body, true);
    }
    for (const listener of this.#listeners) listener(event);
    return event;
  }

  /** Puts everything that was appended on the disk: what is written afterwards is never there without it. */
  sync(): void {
    try {
      this.#log.sync();
    } catch (error) {
      throw explainWriteError(error, 'an event of the run', this.dir);
    }
  }

  /**
   * Takes back the numbers of the steps after `step`, which the run will take again: see `rewind.ts`.
   * @throws TunebookError `run/disk-full`, `run/folder-gone`; the events stand as they were
   */
  rewind(step: number): void {
    try {
      this.#log.rewind(step);
    } catch (error) {
      throw explainWriteError(error, 'an event of the run', this.dir);
    }
  }

  /** Calls back with every event that is appended from now on. Gives a function that ends it. */
  onEvent(listener: (event: RunEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Writes a file of the run directory so that it is there wholly or not at all. `path` is relative to the directory.
   * @throws TunebookError `run/disk-full`, `run/folder-gone`
   */
  writeFileAtomic(path: string, data: string | Uint8Array): void {
    try {
      writeFileAtomic(join(this.dir, path), data);
    } catch (error) {
      throw explainWriteError(error, path, join(this.dir, path));
    }
  }

  /** Appends a line to `log.txt`: what the process printed. A log that cannot be written stops nothing. */
  log(line: string): void {
    try {
      appendFileSync(join(this.dir, RUN_FILES.log), `${this.mask(line)}\n`);
    } catch {
      // The events, not the log, are the record of the run, and they report the same trouble.
    }
  }

  /** Ends the heartbeat and the control socket. May be called more than once. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#heartbeat.stop();
    this.#control?.close();
    this.#reserve.release();
    this.#log.close();
  }

  #masked(body: RunEventBody): RunEventBody {
    const entries = Object.entries(body).map(([key, value]: [string, unknown]) => [
      key,
      WORDS.includes(key) ? value : this.mask(value),
    ]);
    // SAFETY: the same fields, with other texts where people read them.
    return Object.fromEntries(entries) as RunEventBody;
  }

  /** A full disk passes, and only readers elsewhere miss the heartbeat; without its folder a run has no purpose. */
  #heartbeatFailed(stop: StopRequest | undefined): void {
    if (!existsSync(this.dir)) stop?.request('The run directory was removed.');
  }

  #listen(path: string, { stop, pause }: RunWriterOptions): ControlServer {
    return new ControlServer(
      path,
      {
        state: () => this.fold.state,
        stop: () => stop?.request('Stopped by request.'),
        pause: () => {
          if (!pause?.allowed) return false;
          pause.request();
          return true;
        },
        continue: () => pause?.end(),
      },
      (error) => this.log(`The control socket ${path} failed: ${error.message}`),
    );
  }

  #gone(): TunebookError {
    return new TunebookError('run/folder-gone', 'The run directory was removed while the run went on.', {
      hint: 'Start the run again, and leave its folder in place until it has ended.',
      location: { file: this.dir },
    });
  }
}
