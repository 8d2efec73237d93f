import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../protocol/events.ts';
import { readEvents, scanEvents } from './events.ts';
import { parseEvent } from './parse-event.ts';
import { newRun, temporaryFolder } from './testing/fixtures.ts';

const time = '2026-11-24T17:00:00.000Z';

function line(seq: number, message = 'm'): string {
  return `${JSON.stringify({ seq, time, type: 'warning', code: 'c', message })}\n`;
}

describe('readEvents', () => {
  const folder = temporaryFolder();
  let dir: string;
  let file: string;

  beforeEach(() => {
    dir = newRun(folder.path);
    file = join(dir, 'events.jsonl');
  });

  it('leaves a torn last line for the next time', () => {
    const torn = line(2);
    writeFileSync(file, line(1) + torn.slice(0, 20));
    const first = readEvents(dir);
    assert.deepEqual(
      first.events.map((e) => e.seq),
      [1],
    );
    assert.deepEqual(first.problems, []);
    appendFileSync(file, torn.slice(20));
    const second = readEvents(dir, { fromByte: first.nextByte });
    assert.deepEqual(
      second.events.map((e) => e.seq),
      [2],
    );
  });

  it('reads any size in pieces, with characters of several bytes at the cuts', () => {
    const text = Array.from({ length: 40 }, (_, index) => line(index + 1, '文字🙂'.repeat(index % 5))).join(
      '',
    );
    writeFileSync(file, text);
    const seen: number[] = [];
    let fromByte = 0;
    for (let more = true; more;) {
      const read = readEvents(dir, { fromByte, maxBytes: 173 });
      assert.deepEqual(read.problems, []);
      seen.push(...read.events.map((e) => e.seq));
      ({ more, nextByte: fromByte } = read);
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
    assert.equal(fromByte, Buffer.byteLength(text));
  });

  it('gives of every line what JSON.parse gives, in pieces that share their memory', () => {
    const metrics = (seq: number) =>
      `${JSON.stringify({ seq, time, type: 'metrics', split: 'train', step: seq, epoch: seq / 7, values: { loss: Math.sin(seq), lr: 1 / seq } })}\n`;
    const odd = (seq: number) =>
      metrics(seq).replace(
        seq % 2 > 0 ? '"loss":' : '"lr":',
        seq % 3 > 0 ? '"文": "NaN", "lr" : ' : '"lr":-',
      );
    const lines = Array.from({ length: 1000 }, (_, i) => (i % 9 === 4 ? odd(i + 1) : metrics(i + 1)));
    writeFileSync(file, lines.join(''));
    const expected = lines.map((text) => parseEvent(text)).filter((each) => typeof each === 'object');
    const [room, events]: [Buffer, RunEvent[]] = [Buffer.alloc(1000), []];
    let place = { fromByte: 0, more: true };
    while (place.more) {
      const { nextByte, more } = scanEvents(dir, { ...place, maxBytes: 1000, room }, (some) =>
        events.push(...some),
      );
      place = { fromByte: nextByte, more };
    }
    assert.deepEqual(events, expected);
    assert.deepEqual(readEvents(dir).events, expected);
  });

  it('says what it could not use, and goes on behind it', () => {
    writeFileSync(file, `${line(1)}not json\n[1]\n{"seq":2,"time":"t","type":"progress"}\n\n${line(3)}`);
    const read = readEvents(dir);
    assert.deepEqual(
      read.events.map((e) => e.seq),
      [1, 3],
    );
    assert.deepEqual(
      read.problems.map((p) => p.message),
      [
        'A line is not JSON.',
        'A line is not an event.',
        'An event of type progress lacks a field, or a field has the wrong type.',
      ],
    );
    assert.equal(read.problems[0]?.byte, Buffer.byteLength(line(1)));
  });

  it('passes over types of event that a newer Tunebook writes', () => {
    writeFileSync(file, `{"seq":1,"time":"${time}","type":"telepathy"}\n${line(2)}`);
    const read = readEvents(dir);
    assert.deepEqual(
      read.events.map((e) => e.seq),
      [2],
    );
    assert.deepEqual(read.problems, []);
  });

  it('begins again when the file was replaced by a shorter one', () => {
    writeFileSync(file, line(1) + line(2) + line(3));
    const { nextByte } = readEvents(dir);
    truncateSync(file, 0);
    appendFileSync(file, line(1));
    const read = readEvents(dir, { fromByte: nextByte });
    assert.equal(read.reset, true);
    assert.deepEqual(
      read.events.map((e) => e.seq),
      [1],
    );
  });

  it('skips a line longer than a piece and says so', () => {
    writeFileSync(file, line(1, 'x'.repeat(1000)) + line(2));
    const seen: number[] = [];
    const problems: string[] = [];
    let fromByte = 0;
    for (let more = true; more;) {
      const read = readEvents(dir, { fromByte, maxBytes: 400 });
      seen.push(...read.events.map((e) => e.seq));
      problems.push(...read.problems.map((p) => p.message));
      ({ more, nextByte: fromByte } = read);
    }
    assert.deepEqual(seen, [2]);
    assert.equal(problems[0], 'A line is longer than 400 bytes.');
  });

  it('names a missing file and one that is a folder', () => {
    rmSync(file);
    assert.deepEqual(readEvents(dir).problems, [{ byte: 0, message: 'events.jsonl is missing.' }]);
    mkdirSync(file);
    assert.match(readEvents(dir).problems[0]?.message ?? '', /cannot be read/);
  });
});
