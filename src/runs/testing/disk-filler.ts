/**
 * Fills the small file system that its first argument is mounted on, through a RunWriter, and then reports as JSON what
 * was thrown and what a reader finds there.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TunebookError } from '../../protocol/error.ts';
import { readEvents } from '../events.ts';
import { readRun } from '../read.ts';
import { RunWriter } from '../writer.ts';

const dir = process.argv[2] ?? '';
writeFileSync(join(dir, 'events.jsonl'), '');
const writer = new RunWriter(dir);
const thrown: string[] = [];

function attempt(action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    thrown.push(error instanceof TunebookError ? error.code : String(error));
    return false;
  }
}

attempt(() => writer.writeFileAtomic('weights.bin', Buffer.alloc(4 << 20)));
for (
  let step = 1;
  attempt(() => writer.event({ type: 'metrics', split: 'train', step, epoch: 0, values: { loss: step } }));
) {
  step++;
}
writer.event({ type: 'error', code: 'run/disk-full', message: 'The disk is full.' });
writer.event({ type: 'state', state: 'failed' });
writer.close();

const { events, problems } = readEvents(dir);
process.stdout.write(
  JSON.stringify({
    thrown,
    problems,
    gaps: events.some((event, index) => event.seq !== index + 1),
    last: events.slice(-2).map((event) => event.type),
    state: readRun(dir).state,
    leftovers: readdirSync(dir).filter((name) => !['events.jsonl', 'process.json'].includes(name)),
  }),
);
