import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { TunebookError } from '../../protocol/error.ts';
import { RUN_FILES } from '../../protocol/run.ts';
import { RunReader } from '../../runs/read.ts';
import { isFinal } from '../../protocol/events.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { runOf } from '../command-line/run-argument.ts';

/** Milliseconds between two looks at a log that is followed. */
const INTERVAL = 500;

/** `tunebook logs RUN`: what a run printed; with `--follow` until it has ended. */
export async function logs(input: CommandInput): Promise<ExitCode> {
  const { id, dir, state } = runOf(input);
  const file = join(dir, RUN_FILES.log);
  if (!input.flags.follow && !existsSync(file))
    throw new TunebookError('run/no-log', `${id} has printed nothing: it is ${state}.`, {
      hint: `\`tunebook show ${id}\` shows what is known of it.`,
      location: { file },
    });
  const reader = new RunReader(dir);
  for (let position = 0; ;) {
    // Looked at before the log, so that the last lines of a run that ends meanwhile are not missed.
    const ended = isFinal(reader.read().state);
    position = printFrom(file, position);
    if (!input.flags.follow || ended) return EXIT.done;
    await setTimeout(INTERVAL);
  }
}

/** Prints a file from a byte on, and gives the byte to go on at. */
function printFrom(file: string, position: number): number {
  if (!existsSync(file)) return position;
  const handle = openSync(file, 'r');
  const chunk = Buffer.alloc(64 * 1024);
  try {
    for (let at = position; ;) {
      const count = readSync(handle, chunk, 0, chunk.length, at);
      if (count === 0) return at;
      process.stdout.write(Buffer.from(chunk.subarray(0, count)));
      at += count;
    }
  } finally {
    closeSync(handle);
  }
}
