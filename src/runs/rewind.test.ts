import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../protocol/events.ts';
import { readEvents } from './events.ts';
import { RunReader } from './read.ts';
import { EMPTY_FOLD, reduce } from './reduce.ts';
import { newRun, ownRuntimeFolder, temporaryFolder } from './testing/fixtures.ts';
import { RunWriter } from './writer.ts';

/** What an event says, in short. */
function short(event: RunEvent): string {
  if (event.type === 'state') return event.state;
  if (event.type === 'metrics') return `${event.split} ${event.step}`;
  if (event.type === 'progress') return `${event.phase} ${event.done}`;
  if (event.type === 'checkpoint') return `saved ${event.step}`;
  return event.type;
}

describe('rewinding the events of a run that goes on', () => {
  const folder = temporaryFolder();
  ownRuntimeFolder();

  /** A run that saved after step 4, got to step 6 and failed; and goes on. */
  function interrupted(): { writer: RunWriter; dir: string; seen: RunEvent[]; reader: RunReader } {
    const dir = newRun(folder.path);
    const seen: RunEvent[] = [];
    const reader = new RunReader(dir, (events, reset) => {
      if (reset) seen.length = 0;
      seen.push(...events);
    });
    const writer = new RunWriter(dir);
    writer.event({ type: 'state', state: 'queued' });
    writer.event({ type: 'state', state: 'running' });
    for (let step = 1; step <= 6; step++) {
      writer.event({ type: 'metrics', split: 'train', step, epoch: step / 4, values: { loss: 1 / step } });
      writer.event({ type: 'progress', phase: 'train', done: step, total: 8 });
      if (step % 2 > 0) continue;
      writer.event({ type: 'state', state: 'evaluating' });
      writer.event({ type: 'progress', phase: 'evaluate', done: 9, total: 9 });
      writer.event({ type: 'metrics', split: 'eval', step, epoch: step / 4, values: { eval_loss: 1 } });
      if (step === 4) writer.event({ type: 'checkpoint', step, path: 'checkpoint-4' });
      writer.event({ type: 'state', state: 'running' });
    }
    writer.event({ type: 'warning', code: 'w', message: 'w' });
    writer.event({ type: 'error', code: 'e', message: 'e' });
    writer.event({ type: 'state', state: 'failed' });
    writer.event({ type: 'state', state: 'queued' });
    writer.event({ type: 'state', state: 'preparing' });
    writer.event({ type: 'progress', phase: 'tokenize', done: 3, total: 3 });
    reader.read();
    return { writer, dir, seen, reader };
  }

  it('takes back every number after the step and nothing else; seq has no gaps, and a reader follows', () => {
    const { writer, dir, seen, reader } = interrupted();
    writer.rewind(4);
    writer.event({ type: 'state', state: 'running' });
    writer.event({ type: 'metrics', split: 'train', step: 5, epoch: 1.25, values: { loss: 0.2 } });
    const { events, problems } = readEvents(dir);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, i) => i + 1),
    );
    const words = events.map(short);
    assert.deepEqual(
      words
        .filter((word) => /^(train|eval) \d|^saved/.test(word))
        .filter((word, i, all) => all.indexOf(word) === i),
      ['train 1', 'train 2', 'eval 2', 'train 3', 'train 4', 'eval 4', 'saved 4', 'train 5'],
    );
    assert.equal(words.filter((word) => word === 'eval 4').length, 1);
    assert.deepEqual(words.slice(-8), [
      'warning',
      'error',
      'failed',
      'queued',
      'preparing',
      'tokenize 3',
      'running',
      'train 5',
    ]);
    assert.deepEqual(writer.fold, reduce(events, EMPTY_FOLD));
    reader.read();
    assert.deepEqual(seen, events);
    writer.close();
  });

  it('to the beginning takes back all numbers', () => {
    const { writer, dir } = interrupted();
    writer.rewind(0);
    const numbers = readEvents(dir).events.filter(({ type }) => type === 'metrics' || type === 'checkpoint');
    assert.deepEqual(numbers, []);
    assert.equal(writer.fold.step, 0);
    assert.equal(writer.fold.checkpoint, undefined);
    writer.close();
  });

  it('leaves the file as it is where nothing came after', () => {
    const { writer, dir } = interrupted();
    const before = readFileSync(join(dir, 'events.jsonl'), 'utf8');
    writer.rewind(6);
    assert.equal(readFileSync(join(dir, 'events.jsonl'), 'utf8'), before);
    writer.close();
  });

  it('counts on in a writer that was opened anew', () => {
    const { writer, dir } = interrupted();
    writer.close();
    const again = new RunWriter(dir);
    again.rewind(2);
    assert.equal(again.fold.step, 2);
    again.close();
  });
});
