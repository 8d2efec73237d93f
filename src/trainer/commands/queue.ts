import { DeviceQueue } from '../../runs/device-queue.ts';
import { TunebookError } from '../../protocol/error.ts';
import type { CommandInput } from '../command-line/command.ts';
import { EXIT, type ExitCode } from '../command-line/exit-codes.ts';
import { runOf } from '../command-line/run-argument.ts';
import { UsageError } from '../command-line/usage-error.ts';
import { shortPath } from '../terminal/describe-error.ts';
import { formatTable, type Cell } from '../terminal/table.ts';

/** `tunebook queue [RUN] [PLACE]`: who waits for a device; with a run and a place the new order. */
export async function queue(input: CommandInput): Promise<ExitCode> {
  const [run, place] = input.positionals;
  if (run !== undefined) move(input, place);
  print(input);
  return EXIT.done;
}

function move(input: CommandInput, place: string | undefined): void {
  const index = placeOf(place);
  const { id, state } = runOf(input);
  const moved = DeviceQueue.known().some((device) => new DeviceQueue(device).move(id, index) !== undefined);
  if (moved) return;
  throw new TunebookError('run/not-queued', `${id} does not wait for a device: it is ${state}.`, {
    hint: '`tunebook queue` shows which runs wait.',
  });
}

function placeOf(place: string | undefined): number {
  if (place === 'first') return 0;
  if (place === 'last') return Infinity;
  if (place !== undefined && /^[1-9]\d*$/.test(place)) return Number(place) - 1;
  throw new UsageError('A place in the queue is a number from 1, `first` or `last`.', 'queue');
}

function print({ terminal, flags }: CommandInput): void {
  const rows = DeviceQueue.known().flatMap((device) => {
    const { lock, ...rest } = lines(device);
    return [
      ...(lock ? [{ device, place: 0, run: lock.run, dir: lock.dir }] : []),
      ...rest.waiting.map(({ run, dir }, i) => ({ device, place: i + 1, run, dir })),
    ];
  });
  if (flags.json) for (const row of rows) terminal.printJson(row);
  else if (rows.length === 0) terminal.print('No run computes or waits.');
  else {
    const { style, columns } = terminal;
    const cells = rows.map(({ device, place, run, dir }): Cell[] => [
      { text: device },
      { text: place === 0 ? 'runs' : String(place), ...(place === 0 ? { paint: style.blue } : {}) },
      { text: run },
      { text: shortPath(dir) },
    ]);
    const layout = { width: columns, flexible: 3, style };
    for (const line of formatTable(['DEVICE', 'PLACE', 'RUN', 'FOLDER'], cells, layout)) terminal.print(line);
  }
}

function lines(device: string) {
  const found = new DeviceQueue(device);
  return { lock: found.lock.holder(), waiting: found.waiting() };
}
