import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { RunProcess } from '../protocol/run.ts';
import { requestControl, stopRun } from './control-client.ts';
import { readEvents } from './events.ts';
import { readProcess, readRun } from './read.ts';
import { controlSocketPath } from './runtime-folder.ts';
import { StopRequest } from './stop.ts';
import { manifest, newRun, ownRuntimeFolder, temporaryFolder } from './testing/fixtures.ts';
import { createRunDirectory } from './create.ts';
import { RunWriter } from './writer.ts';

describe('createRunDirectory', () => {
  const folder = temporaryFolder();

  it('gives the same id to one caller only, and leaves nothing half made', () => {
    const same = manifest();
    createRunDirectory(folder.path, same);
    assert.throws(() => createRunDirectory(folder.path, same), { code: 'run/exists' });
    assert.deepEqual(readdirSync(join(folder.path, '.tunebook', 'runs')), [same.id]);
  });

  it('says that a folder is in the way or not writable', () => {
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    assert.throws(() => createRunDirectory(file, manifest()), { code: 'run/not-a-folder' });
  });
});

describe('RunWriter', () => {
  const folder = temporaryFolder();
  ownRuntimeFolder();
  let dir: string;
  let writer: RunWriter;

  beforeEach(() => {
    dir = newRun(folder.path);
  });
  afterEach(() => writer.close());

  it('numbers events without gaps, also over a second life', () => {
    writer = new RunWriter(dir);
    writer.event({ type: 'state', state: 'running' });
    writer.event({ type: 'warning', code: 'c', message: 'm' });
    writer.close();
    appendFileSync(join(dir, 'events.jsonl'), '{"seq":3,"time":"2026-11-24T1');
    writer = new RunWriter(dir);
    writer.event({ type: 'state', state: 'preparing' });
    const { events, problems } = readEvents(dir);
    assert.deepEqual(
      events.map((e) => [e.seq, e.type]),
      [
        [1, 'state'],
        [2, 'warning'],
        [3, 'state'],
      ],
    );
    assert.deepEqual(problems, []);
    assert.equal(writer.fold.warnings, 1);
  });

  it('writes the name of a variable in place of its value: in events, in the log, and for who listens', () => {
    process.env['TUNEBOOK_TEST_TOKEN'] = 'train-s3cret';
    try {
      const dir = newRun(folder.path, { environment: { places: {}, masked: ['TUNEBOOK_TEST_TOKEN'] } });
      const writer = new RunWriter(dir);
      const heard: unknown[] = [];
      writer.onEvent((event) => heard.push(event));
      writer.event({ type: 'error', code: 'data/empty', message: 'no train-s3cret/a', hint: 'train-s3cret' });
      writer.log('reads train-s3cret');
      writer.close();
      const slot = '${env.TUNEBOOK_TEST_TOKEN}';
      const [event] = readEvents(dir).events;
      assert.deepEqual(heard, [event]);
      assert.deepEqual(
        { ...event, time: '' },
        { seq: 1, time: '', type: 'error', code: 'data/empty', message: `no ${slot}/a`, hint: slot },
      );
      assert.equal(readFileSync(join(dir, 'log.txt'), 'utf8'), `reads ${slot}\n`);
    } finally {
      delete process.env['TUNEBOOK_TEST_TOKEN'];
    }
  });

  it('tells who listens', () => {
    writer = new RunWriter(dir);
    const seen: string[] = [];
    const end = writer.onEvent((event) => seen.push(event.type));
    writer.event({ type: 'state', state: 'running' });
    end();
    writer.event({ type: 'warning', code: 'c', message: 'm' });
    assert.deepEqual(seen, ['state']);
  });

  it('keeps its heartbeat although nothing lets the event loop turn', function () {
    this.timeout(300_000);
    writer = new RunWriter(dir);
    const first = readProcess(dir)?.heartbeat;
    const until = performance.now() + 2200;
    while (performance.now() < until) {
      // A training step that blocks.
    }
    writer.event({ type: 'warning', code: 'c', message: 'm' });
    assert.notEqual(readProcess(dir)?.heartbeat, first);
  });

  it('hears a stop over its socket, from far below in a deep folder', async () => {
    dir = newRun(join(folder.path, 'deep'.repeat(30), 'deeper'.repeat(20)));
    const stop = new StopRequest();
    writer = new RunWriter(dir, { stop });
    writer.event({ type: 'state', state: 'running' });
    const socket = readProcess(dir)?.controlSocket ?? '';
    assert.ok(Buffer.byteLength(socket) <= 103);
    assert.deepEqual(await requestControl(socket, { method: 'ping' }), { ok: true, state: 'running' });
    assert.equal(stop.requested, false);
    await stopRun(dir);
    assert.equal(stop.requested, true);
  });

  it('replaces the socket that a killed process left', async () => {
    const path = controlSocketPath(dir) ?? '';
    writeFileSync(path, '');
    writer = new RunWriter(dir, { stop: new StopRequest() });
    assert.deepEqual(await requestControl(path, { method: 'ping' }), { ok: true, state: 'preparing' });
    writer.close();
    assert.equal(existsSync(path), false);
  });

  it('refuses to stop what does not run', async () => {
    writer = new RunWriter(dir, { stop: new StopRequest() });
    writer.event({ type: 'state', state: 'finished' });
    await assert.rejects(stopRun(dir), { code: 'run/not-running' });
  });

  it('never signals a pid that counts on another machine', async () => {
    writer = new RunWriter(dir);
    const known: RunProcess = {
      pid: process.pid,
      startTime: 0,
      host: 'elsewhere',
      heartbeat: new Date().toISOString(),
    };
    writeFileSync(join(dir, 'process.json'), JSON.stringify(known));
    await assert.rejects(stopRun(dir), { code: 'run/other-machine' });
  });

  it('notices that its folder was removed', () => {
    writer = new RunWriter(dir);
    rmSync(dir, { recursive: true });
    assert.throws(() => writer.event({ type: 'state', state: 'running' }), { code: 'run/folder-gone' });
    mkdirSync(dir);
  });

  it('leaves no temporary file and no reserve behind', () => {
    writer = new RunWriter(dir);
    writer.event({ type: 'state', state: 'finished' });
    writer.writeFileAtomic('result.json', '{}');
    writer.close();
    assert.deepEqual(readdirSync(dir).sort(), ['events.jsonl', 'process.json', 'result.json', 'run.json']);
    assert.equal(readFileSync(join(dir, 'result.json'), 'utf8'), '{}');
    assert.equal(readRun(dir).state, 'finished');
  });
});
