import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunProcess } from '../protocol/run.ts';
import { findRun, listRuns } from './list.ts';
import { thisProcess } from './process.ts';
import { readRun, RunReader } from './read.ts';
import { EMPTY_FOLD } from './reduce.ts';
import { manifest, newRun, ownRuntimeFolder, temporaryFolder } from './testing/fixtures.ts';
import { RunWriter } from './writer.ts';

const time = '2026-11-24T17:00:00.000Z';
const running = `${JSON.stringify({ seq: 1, time, type: 'state', state: 'running' })}\n`;

describe('readRun', () => {
  const folder = temporaryFolder();
  ownRuntimeFolder();
  let dir: string;

  function writeProcess(fields: Partial<RunProcess>): void {
    const content: RunProcess = { ...thisProcess(), heartbeat: new Date().toISOString(), ...fields };
    writeFileSync(join(dir, 'process.json'), JSON.stringify(content));
  }

  beforeEach(() => {
    dir = newRun(folder.path);
    appendFileSync(join(dir, 'events.jsonl'), running);
  });

  it('shows a run whose process lives, also when its heartbeat is old (a long step, a sleeping machine)', () => {
    writeProcess({ heartbeat: '2020-01-01T00:00:00.000Z' });
    assert.equal(readRun(dir).state, 'running');
  });

  it('says lost when no process was ever written', () => {
    rmSync(join(dir, 'process.json'));
    const run = readRun(dir);
    assert.equal(run.state, 'lost');
    assert.match(run.reason ?? '', /process ended/);
  });

  it('says lost when the process is dead', () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeProcess({ pid });
    assert.equal(readRun(dir).state, 'lost');
  });

  it('says lost when the pid is now that of another program', () => {
    writeProcess({ startTime: thisProcess().startTime - 1 });
    assert.equal(readRun(dir).state, 'lost');
  });

  it('says lost after a reboot, whatever has that pid now', () => {
    writeProcess({ boot: 'another boot' });
    assert.equal(readRun(dir).state, 'lost');
  });

  it('goes by the heartbeat when the run is of another machine', () => {
    writeProcess({ host: 'elsewhere', pid: 1 });
    assert.equal(readRun(dir).state, 'running');
    writeProcess({ host: 'elsewhere', pid: 1, heartbeat: new Date(Date.now() - 61_000).toISOString() });
    assert.equal(readRun(dir).state, 'lost');
  });

  it('never calls a run lost that has ended', () => {
    appendFileSync(
      join(dir, 'events.jsonl'),
      `${JSON.stringify({ seq: 2, time, type: 'state', state: 'finished' })}\n`,
    );
    assert.equal(readRun(dir).state, 'finished');
  });

  for (const [what, spoil] of [
    ['a missing run.json', (d: string) => rmSync(join(d, 'run.json'))],
    ['a torn run.json', (d: string) => writeFileSync(join(d, 'run.json'), '{"id": ')],
    [
      'a run.json with fields taken out by hand',
      (d: string) => writeFileSync(join(d, 'run.json'), '{"formatVersion":1}'),
    ],
    ['a missing events.jsonl', (d: string) => rmSync(join(d, 'events.jsonl'))],
    ['an events.jsonl of nonsense', (d: string) => writeFileSync(join(d, 'events.jsonl'), 'x\n\0\0\0\n')],
    ['a directory that is gone', (d: string) => rmSync(d, { recursive: true })],
  ] as const) {
    it(`says what is wrong with ${what}, and still shows the run`, () => {
      writeProcess({});
      spoil(dir);
      const run = readRun(dir);
      assert.ok(run.problem, 'a problem is named');
      assert.equal(run.name, 'intents-lora');
    });
  }

  it('shows a run that a newer Tunebook made, and says so', () => {
    dir = newRun(folder.path, { formatVersion: 99, name: 'future' });
    const run = readRun(dir);
    assert.equal(run.name, 'future');
    assert.match(run.problem ?? '', /newer Tunebook/);
  });

  it('takes process.json for absent when it is torn', () => {
    writeFileSync(join(dir, 'process.json'), '{"pid":');
    assert.equal(readRun(dir).state, 'lost');
  });
});

describe('RunReader', () => {
  const folder = temporaryFolder();
  ownRuntimeFolder();

  it('never takes a new run for lost, whose process has not come to its first event', () => {
    assert.equal(new RunReader(newRun(folder.path)).read().state, EMPTY_FOLD.state);
  });

  it('finds what a process wrote between two looks before it ended', () => {
    const dir = newRun(folder.path);
    const reader = new RunReader(dir);
    assert.equal(reader.advance(), false);
    appendFileSync(join(dir, 'events.jsonl'), running.replace('running', 'finished'));
    rmSync(join(dir, 'process.json'));
    assert.equal(reader.summary().state, 'finished');
  });

  it('reads on from where it was', () => {
    const dir = newRun(folder.path);
    const writer = new RunWriter(dir);
    const reader = new RunReader(dir);
    assert.equal(reader.read().state, 'preparing');
    writer.event({ type: 'state', state: 'running' });
    writer.event({ type: 'metrics', split: 'train', step: 3, epoch: 0.1, values: { loss: 2 } });
    assert.deepEqual(
      [reader.read().state, reader.read().step, reader.read().metrics.loss],
      ['running', 3, 2],
    );
    writer.event({ type: 'state', state: 'finished' });
    writer.close();
    assert.equal(reader.read().state, 'finished');
  });

  it('begins again when the events were replaced', () => {
    const dir = newRun(folder.path);
    appendFileSync(join(dir, 'events.jsonl'), running + running.replace('"seq":1', '"seq":2'));
    const reader = new RunReader(dir);
    reader.read();
    writeFileSync(join(dir, 'events.jsonl'), running.replace('running', 'finished'));
    assert.equal(reader.read().state, 'finished');
  });
});

describe('listRuns and findRun', () => {
  const folder = temporaryFolder();

  it('lists newest first, leaves other folders out, and finds by id, beginning and name', () => {
    assert.deepEqual(listRuns(folder.path), []);
    const [old, new_, other] = [
      ['20260101T000000Z-a-0001', 'a'],
      ['20260102T000000Z-a-0002', 'a'],
      ['20260103T000000Z-b-0003', 'b'],
    ].map(([id, name]) => newRun(folder.path, { ...manifest(), id, name }));
    writeFileSync(join(folder.path, '.tunebook', 'runs', 'notes.txt'), '');
    assert.deepEqual(
      listRuns(folder.path).map((r) => r.dir),
      [other, new_, old],
    );
    assert.equal(findRun(folder.path, 'a').dir, new_);
    assert.equal(findRun(folder.path, '20260101').dir, old);
    assert.equal(findRun(folder.path, '20260103T000000Z-b-0003').dir, other);
    assert.throws(() => findRun(folder.path, '2026010'), { code: 'run/ambiguous' });
    assert.throws(() => findRun(folder.path, 'zzz'), { code: 'run/unknown' });
    assert.throws(() => findRun(folder.path, ''), { code: 'run/unknown' });
  });

  it('tells two runs of the same second apart by when they were made', () => {
    const made = (id: string, createdAt: string) =>
      newRun(folder.path, { ...manifest(), id, name: 'c', createdAt });
    const newer = made('20260104T000000Z-c-0000', '2026-01-04T00:00:00.900Z');
    const older = made('20260104T000000Z-c-ffff', '2026-01-04T00:00:00.100Z');
    assert.deepEqual(
      listRuns(folder.path)
        .slice(0, 2)
        .map((r) => r.dir),
      [newer, older],
    );
    assert.equal(findRun(folder.path, 'c').dir, newer);
  });

  it('finds a .gitignore in .tunebook, so that runs never get into a commit', () => {
    assert.ok(existsSync(join(folder.path, '.tunebook', '.gitignore')));
  });
});
