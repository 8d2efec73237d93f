import assert from 'node:assert/strict';
import {
  closeSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import { readSettled } from './read-settled.ts';

describe('readSettled', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tunebook-settled-'));
    file = join(folder, 'a.tunebook.md');
  });
  afterEach(() => {
    mock.restoreAll();
    rmSync(folder, { recursive: true });
  });

  it('waits for an editor that has emptied the file and goes on writing it', async () => {
    const handle = openSync(file, 'w');
    const parts = ['# A ', 'whole ', 'text'];
    // The editor writes a part in every pause between two looks, and always has just written, however long that takes here.
    const pauses = mock.method(globalThis, 'setTimeout', (done: () => void) => {
      writeSync(handle, parts.shift() ?? '');
      return setImmediate(done);
    });
    mock.method(Date, 'now', () => Math.floor(statSync(file).mtimeMs));
    assert.equal(Buffer.from(await readSettled(file)).toString(), '# A whole text');
    assert.equal(pauses.mock.callCount(), 4, 'three parts, and one pause in which nothing came');
    closeSync(handle);
  });

  it('waits for an editor that takes a second between emptying the file and writing it', async () => {
    writeFileSync(file, '');
    mock.method(globalThis, 'setTimeout', (done: () => void) => {
      writeFileSync(file, 'text');
      return setImmediate(done);
    });
    mock.method(Date, 'now', () => Math.floor(statSync(file).mtimeMs) + 1000);
    assert.equal(Buffer.from(await readSettled(file)).toString(), 'text');
  });

  it('does not wait for a file that was written before, nor for one that is empty', async () => {
    writeFileSync(file, 'old');
    const before = new Date(Date.now() - 5000);
    utimesSync(file, before, before);
    assert.equal(Buffer.from(await readSettled(file)).toString(), 'old');
    writeFileSync(file, '');
    utimesSync(file, before, before);
    assert.equal((await readSettled(file)).length, 0);
  });

  it('gives an empty file that stays empty', async () => {
    writeFileSync(file, '');
    assert.equal((await readSettled(file)).length, 0);
  });

  it('throws what the file system throws', async () => {
    await assert.rejects(readSettled(join(folder, 'none')), { code: 'ENOENT' });
  });
});
