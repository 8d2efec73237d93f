import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileTexts } from './file-texts.ts';

describe('FileTexts', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tunebook-texts-'));
    path = join(folder, 'a.tune.yaml');
    writeFileSync(path, 'one');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const read = async (texts: FileTexts) => Buffer.from((await texts.read(path)) ?? []).toString();

  it('reads a file anew each time while nobody tells of changes', async () => {
    const texts = new FileTexts();
    texts.folders = [folder];
    assert.equal(await read(texts), 'one');
    writeFileSync(path, 'two');
    assert.equal(await read(texts), 'two');
  });

  it('reads it once while somebody does, and again when told', async () => {
    const texts = new FileTexts();
    texts.folders = [folder];
    texts.isWatched = true;
    assert.equal(await read(texts), 'one');
    writeFileSync(path, 'two');
    assert.equal(await read(texts), 'one');
    texts.forget(path);
    assert.equal(await read(texts), 'two');
    rmSync(path);
    texts.forget(path);
    assert.equal(await read(texts), '');
  });

  it('believes nothing of what lies outside of the folders', async () => {
    const texts = new FileTexts();
    texts.folders = [join(folder, 'sub')];
    texts.isWatched = true;
    assert.equal(await read(texts), 'one');
    writeFileSync(path, 'two');
    assert.equal(await read(texts), 'two');
  });
});
