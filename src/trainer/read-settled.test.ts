import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettled } from './read-settled.ts';

describe('readSettled', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tunebook-settled-'));
    file = join(folder, 'a.tunebook.md');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('waits for an editor that has emptied the file and goes on writing it', async () => {
    const handle = openSync(file, 'w');
    const read = readSettled(file);
    for (const part of ['# A ', 'whole ', 'text']) {
      await new Promise((resolve) => setTimeout(resolve, 30));
      writeSync(handle, part);
    }
    closeSync(handle);
    assert.equal(Buffer.from(await read).toString(), '# A whole text');
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
  }).timeout(5000);

  it('throws what the file system throws', async () => {
    await assert.rejects(readSettled(join(folder, 'none')), { code: 'ENOENT' });
  });
});
