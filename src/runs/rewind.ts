import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../protocol/events.ts';
import { RUN_FILES } from '../protocol/run.ts';
import { syncFolder } from './atomic.ts';
import { readEvents } from './events.ts';
import { EMPTY_FOLD, reduce, type RunFold } from './reduce.ts';

/**
 * Takes back the events of the steps after `step`: a run that was killed goes on from its newest checkpoint and takes those
 * steps again, so that each would be told twice. States that an attempt ended with, warnings and errors stay; `seq` counts
 * without gaps again. The file is replaced by one rename: a reader that followed it sees another file and reads it anew.
 * Gives the new length and fold, or undefined when nothing came after that step.
 */
export function rewindEvents(dir: string, step: number): { bytes: number; fold: RunFold } | undefined {
  const keeps = new Rewind(step);
  for (const events of pieces(dir)) for (const event of events) keeps.keeps(event);
  if (!keeps.dropped) return undefined;
  const path = join(dir, RUN_FILES.events);
  const temporary = `${path}.${process.pid}-0.tmp`;
  try {
    const written = copyKept(dir, temporary, new Rewind(step));
    renameSync(temporary, path);
    syncFolder(dir);
    return written;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function copyKept(dir: string, to: string, rewind: Rewind): { bytes: number; fold: RunFold } {
  const file = openSync(to, 'w');
  let bytes = 0;
  let fold: RunFold = EMPTY_FOLD;
  try {
    for (const events of pieces(dir)) {
      const kept = events
        .filter((event) => rewind.keeps(event))
        .map((event, i) => ({ ...event, seq: fold.seq + 1 + i }));
      fold = reduce(kept, fold);
      const text = Buffer.from(kept.map((event) => `${JSON.stringify(event)}\n`).join(''));
      for (let written = 0; written < text.length;) written += writeSync(file, text, written);
      bytes += text.length;
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return { bytes, fold };
}

/** A file of any size, some megabytes at a time. */
function* pieces(dir: string): Iterable<RunEvent[]> {
  for (let fromByte = 0, more = true; more;) {
    const read = readEvents(dir, { fromByte });
    yield read.events;
    ({ more, nextByte: fromByte } = read);
  }
}

/** Decides, event by event in their order, what stays. */
class Rewind {
  readonly #step: number;
  /** What is read now happened after the step. */
  #past = false;
  dropped = false;

  constructor(step: number) {
    this.#step = step;
  }

  keeps(event: RunEvent): boolean {
    const kept = this.#decide(event);
    this.dropped ||= !kept;
    return kept;
  }

  #decide(event: RunEvent): boolean {
    switch (event.type) {
      case 'metrics':
      case 'system':
      case 'sample':
      case 'checkpoint':
        this.#past = event.step > this.#step;
        return !this.#past;
      case 'progress':
        return !this.#past && !(event.phase === 'train' && event.done > this.#step);
      case 'state':
        // The next attempt begins where the one before was taken back to.
        if (event.state === 'queued' || event.state === 'preparing') this.#past = false;
        return !this.#past || !['running', 'evaluating', 'paused'].includes(event.state);
      case 'warning':
      case 'error':
      case 'evaluation':
        return true;
    }
  }
}
