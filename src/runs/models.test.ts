import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { listRuns } from './list.ts';
import { modelsInFolders, modelsInHubCache, modelsOfRuns } from './models.ts';
import { newRun, ownRuntimeFolder, temporaryFolder } from './testing/fixtures.ts';
import { RunWriter } from './writer.ts';

describe('models on this machine', () => {
  const folder = temporaryFolder();
  ownRuntimeFolder();

  function writeModel(path: string, files: Record<string, string>): string {
    mkdirSync(path, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
    return path;
  }

  function finish(dir: string): void {
    const writer = new RunWriter(dir);
    writer.event({ type: 'state', state: 'finished' });
    writer.close();
  }

  it('are results of runs, folders, and what the cache of the Hub holds; each says which runs began with it', () => {
    const base = writeModel(join(folder.path, 'base'), {
      'config.json': '{"model_type":"bert"}',
      'model.safetensors': '12345678',
    });
    writeModel(join(folder.path, 'no-weights'), { 'config.json': '{"model_type":"bert"}' });
    const model = { base, files: [] };
    const run = newRun(folder.path, { name: 'tuned', model });
    writeModel(join(run, 'output'), {
      'adapter_config.json': JSON.stringify({ base_model_name_or_path: base }),
      'adapter_model.safetensors': 'x',
    });
    finish(run);
    const unfinished = newRun(folder.path, {
      name: 'other',
      model: { base: join(run, 'output'), files: [] },
    });
    const runs = listRuns(folder.path);
    const [result] = modelsOfRuns(runs);
    assert.equal(modelsOfRuns(runs).length, 1);
    assert.equal(result?.reference, `run:tuned@${basename(run)}`);
    assert.equal(result?.kind, 'adapter of base');
    assert.deepEqual(result?.usedBy, [basename(unfinished)]);
    const [local, ...rest] = modelsInFolders([base, join(folder.path, 'no-weights'), '/nowhere'], runs);
    assert.deepEqual(rest, []);
    assert.equal(local?.kind, 'bert');
    assert.equal(local?.bytes, 8 + '{"model_type":"bert"}'.length);
    assert.deepEqual(local?.usedBy, [basename(run)]);
  });

  it('in the cache are those of the commit that refs/main names; their size is that of the blobs', () => {
    const cache = join(folder.path, 'hub');
    const repo = join(cache, 'models--owner--tiny');
    mkdirSync(join(repo, 'blobs'), { recursive: true });
    writeFileSync(join(repo, 'blobs', 'aaa'), 'x'.repeat(1000));
    for (const commit of ['old', 'new']) {
      const snapshot = writeModel(join(repo, 'snapshots', commit), {
        'config.json': '{"model_type":"llama"}',
      });
      symlinkSync('../../blobs/aaa', join(snapshot, 'model.safetensors'));
    }
    mkdirSync(join(repo, 'refs'));
    writeFileSync(join(repo, 'refs', 'main'), 'old');
    mkdirSync(join(cache, 'models--owner--empty', 'snapshots'), { recursive: true });
    assert.deepEqual(modelsInHubCache(cache, []), [
      {
        reference: 'hf:owner/tiny',
        name: 'owner/tiny',
        folder: join(repo, 'snapshots', 'old'),
        bytes: 1000,
        kind: 'llama',
        usedBy: [],
      },
    ]);
    assert.deepEqual(modelsInHubCache('/nowhere', []), []);
  });
});
