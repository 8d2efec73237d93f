import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check } from '../../src/language/check.ts';
import { DiskHost } from '../../src/trainer/host.ts';
import { EXAMPLE, runScript } from './support/example.ts';

const CONFIGS = [
  'intents.tune.yaml',
  'from-scratch.tune.yaml',
  'writer.tune.yaml',
  'make/pretrain.yaml',
  'make/pretrain-writer.yaml',
];

describe("the example's configs", () => {
  it('have nothing wrong with them, once the text is made', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tunebook-example-'));
    try {
      cpSync(EXAMPLE, folder, { recursive: true, filter: (path) => !/[\\/](\.tunebook|corpus)$/.test(path) });
      for (const script of ['make-text.mjs', 'make-writer-text.mjs'])
        runScript(script, (text) => cpSync(text, join(folder, 'corpus'), { recursive: true }));
      const paths = CONFIGS.map((name) => join(folder, name));
      assert.deepEqual(await check(paths, new DiskHost(folder)), []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('miss nothing but the text of the pretraining before it is made', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tunebook-example-'));
    try {
      cpSync(EXAMPLE, folder, { recursive: true, filter: (path) => !/[\\/](\.tunebook|corpus)$/.test(path) });
      const found = await check(
        CONFIGS.map((name) => join(folder, name)),
        new DiskHost(folder),
      );
      assert.deepEqual(
        found.map(({ file, code }) => [file, code]),
        ['pretrain-writer', 'pretrain-writer', 'pretrain', 'pretrain'].map((name) => [
          join(folder, `make/${name}.yaml`),
          'tune/missing-file',
        ]),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
