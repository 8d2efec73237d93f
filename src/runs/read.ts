import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import {
  RUN_FILES,
  RUN_FORMAT_VERSION,
  type RunManifest,
  type RunProcess,
  type RunSummary,
} from '../protocol/run.ts';
import { scanEvents, type EventsListener } from './events.ts';
import { lostReason } from './lost-reason.ts';
import { readMeta } from './meta.ts';
import { isProcessAlive } from './process.ts';
import { isFinal } from '../protocol/events.ts';
import { EMPTY_FOLD, reduce, type RunFold } from './reduce.ts';

/** How far the events of a run were read, and what they added up to. */
export interface ReadPlace {
  fold: RunFold;
  nextByte: number;
  /** CRC-32 of what was read. */
  crc: number;
  fileId: number | undefined;
  /** The first thing in them that could not be used. */
  problem?: string | undefined;
}

/**
 * Reads a run directory again and again, each time only what is new. For a single look there is {@link readRun}.
 */
export class RunReader {
  /** The run directory, absolute. */
  readonly dir: string;
  readonly #onEvents: EventsListener | undefined;
  #fold: RunFold = EMPTY_FOLD;
  #nextByte = 0;
  #crc = 0;
  #fileId: number | undefined;
  #more = true;
  #eventsProblem: string | undefined;

  /** @param from where an earlier reading of the same file stood: what lies before is not told again */
  constructor(dir: string, onEvents?: EventsListener, from?: ReadPlace) {
    this.dir = resolve(dir);
    this.#onEvents = onEvents;
    if (!from) return;
    ({
      fold: this.#fold,
      nextByte: this.#nextByte,
      crc: this.#crc,
      fileId: this.#fileId,
      problem: this.#eventsProblem,
    } = from);
  }

  /** Where it stands. */
  get place(): ReadPlace {
    return {
      fold: this.#fold,
      nextByte: this.#nextByte,
      crc: this.#crc,
      fileId: this.#fileId,
      problem: this.#eventsProblem,
    };
  }

  /** Reads what is new and says how the run stands. Never throws for what is wrong with the directory. */
  read(): RunSummary {
    while (this.advance());
    return this.summary();
  }

  /**
   * Reads one piece of what is new; true when more is there.
   * @param room memory to read into, at least `maxBytes` long; who reads many pieces gives the same again
   */
  advance(maxBytes?: number, room?: Buffer): boolean {
    const place = { fromByte: this.#nextByte, crc: this.#crc, maxBytes, fileId: this.#fileId, room };
    const scan = scanEvents(this.dir, place, (events, reset) => {
      this.#fold = reduce(events, reset ? EMPTY_FOLD : this.#fold);
      this.#onEvents?.(events, reset);
    });
    this.#nextByte = scan.nextByte;
    this.#crc = scan.crc;
    this.#fileId = scan.fileId;
    this.#eventsProblem ??= scan.problems[0]?.message;
    this.#more = scan.more;
    return scan.more;
  }

  /** How the run stands by what was read so far, and whether its process lives now. */
  summary(): RunSummary {
    const summary = summarise(this.dir, this.#fold, this.#eventsProblem);
    if (summary.state !== 'lost' || this.#more) return summary;
    // Between the reading of the events and the look at the process it may have written its last and ended.
    while (this.advance());
    return summarise(this.dir, this.#fold, this.#eventsProblem);
  }
}

/** How a run stands now: `run.json`, the fold of its events, and whether its process lives. Never throws. */
export function readRun(dir: string): RunSummary {
  return new RunReader(dir).read();
}

/** `run.json`, or a sentence that says why it cannot be used. A newer format is given too, with the sentence. */
export function readManifest(dir: string): { manifest?: RunManifest; problem?: string } {
  const value = readJson(join(dir, RUN_FILES.manifest));
  if (value === undefined) return { problem: `${RUN_FILES.manifest} is missing or is not JSON.` };
  if (!isManifest(value))
    return { problem: `${RUN_FILES.manifest} lacks id, name, kind, file or createdAt.` };
  if (value.formatVersion > RUN_FORMAT_VERSION)
    return { manifest: value, problem: 'Made by a newer Tunebook: update to see all of it.' };
  return { manifest: value };
}

/** `process.json`, or undefined when no process ever wrote one that can be read. */
export function readProcess(dir: string): RunProcess | undefined {
  const value = readJson(join(dir, RUN_FILES.process));
  return isProcess(value) ? value : undefined;
}

function summarise(dir: string, fold: RunFold, eventsProblem: string | undefined): RunSummary {
  const { manifest, problem } = readManifest(dir);
  const id = basename(dir);
  const kind = manifest?.kind ?? 'run';
  const process = readProcess(dir);
  const lost = !isFinal(fold.state) && !(process && isProcessAlive(process));
  return {
    id,
    dir,
    kind,
    name: manifest?.name ?? id.replace(/^\d{8}T\d{6}Z-/, '').replace(/-[0-9a-f]{4}$/, ''),
    createdAt: manifest?.createdAt ?? '',
    file: manifest?.file ?? '',
    device: manifest?.device,
    meta: readMeta(dir),
    ...(manifest?.parent ? { parent: manifest.parent } : {}),
    state: lost ? 'lost' : fold.state,
    reason: lost ? lostReason({ kind, process, warnedOfMemory: fold.warnedOfMemory ?? false }) : fold.reason,
    progress: fold.progress,
    metrics: fold.metrics,
    ...(fold.system ? { system: fold.system } : {}),
    step: fold.step,
    epoch: fold.epoch,
    warnings: fold.warnings,
    error: fold.error,
    checkpoint: fold.checkpoint,
    finishedAt: fold.finishedAt,
    problem: problem ?? eventsProblem,
  };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function isManifest(value: unknown): value is RunManifest {
  return (
    isRecord(value) &&
    typeof value.formatVersion === 'number' &&
    (value.kind === 'run' || value.kind === 'evaluate' || value.kind === 'sweep') &&
    ['id', 'name', 'createdAt', 'file'].every((key) => typeof value[key] === 'string')
  );
}

function isProcess(value: unknown): value is RunProcess {
  return (
    isRecord(value) &&
    typeof value.pid === 'number' &&
    typeof value.startTime === 'number' &&
    typeof value.heartbeat === 'string' &&
    (value.memory === undefined || isMemory(value.memory))
  );
}

function isMemory(value: unknown): boolean {
  return isRecord(value) && typeof value.used === 'number' && typeof value.total === 'number';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
