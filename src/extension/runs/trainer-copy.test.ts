import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import { nativeFolder, trainerCopy } from './trainer-copy.ts';

describe('the copy of the trainer', () => {
  const folder = temporaryFolder();
  let extension: string;
  let storage: string;
  const modules = Array.from({ length: 200 }, (_, i) => `node_modules/onnxruntime-node/dist/module-${i}.js`);

  const put = (path: string, text: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };

  before(() => {
    extension = join(folder.path, 'extension');
    storage = join(folder.path, 'storage');
    for (const name of ['dist/tunebook.js', 'node_modules/onnxruntime-node/package.json', ...modules])
      put(join(extension, name), name);
    put(join(extension, 'node_modules/onnxruntime-common/package.json'), '{}');
    put(join(nativeFolder(extension), 'onnxruntime.node'), 'native');
  });

  it('is whole, and the same, for all who ask for it at once', async () => {
    const asked = await Promise.all(Array.from({ length: 8 }, () => trainerCopy(extension, storage)));
    assert.equal(new Set(asked).size, 1);
    const root = dirname(dirname(asked[0] ?? ''));
    for (const name of modules) assert.equal(readFileSync(join(root, name), 'utf8'), name);
    assert.equal(readFileSync(join(nativeFolder(root), 'onnxruntime.node'), 'utf8'), 'native');
    assert.equal(readdirSync(join(storage, 'trainer')).length, 1, 'nothing unfinished is left');
  });

  it('of a version that is no more stays while it is the newest of the old ones', async () => {
    for (const version of ['second', 'third']) {
      put(join(extension, 'dist/tunebook.js'), version);
      await trainerCopy(extension, storage);
    }
    assert.equal(readdirSync(join(storage, 'trainer')).length, 2);
  });

  it('cannot be made where the package has no native library for this machine', async () => {
    await assert.rejects(trainerCopy(join(folder.path, 'nothing'), storage), /no trainer for/);
  });
});
