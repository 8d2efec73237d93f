import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { InlayHint } from 'vscode-languageserver/node';
import { ROOT } from './support/build.ts';
import { Client, TRAINER } from './support/client.ts';
import { Folder } from './support/folder.ts';

const WHOLE = { start: { line: 0, character: 0 }, end: { line: 100, character: 0 } };

describe('inlay hints', () => {
  let folder: Folder;
  let client: Client;

  beforeEach(() => (folder = new Folder()));
  afterEach(() => {
    client.kill();
    folder.remove();
  });

  it('come at once with what is known, and whole when the trainer has looked', async () => {
    cpSync(join(ROOT, 'test/fixtures/parity/bert-classifier'), folder.at('model'), { recursive: true });
    folder.write('a.csv', 'text,label\nx,a\ny,b\nz,a\n');
    const path = folder.at('a.tune.yaml');
    client = await Client.start({ trainer: TRAINER });
    await client.open(
      path,
      'dataset: d\nfiles: { train: a.csv }\nformat: classification\n---\nrun: r\nmodel: { base: model, num_labels: 5 }\ndata: { train: d.train, max_length: 16 }\ntrain: { per_device_train_batch_size: 2 }\nmethod: { lora: { r: 2 } }\n',
    );
    const hints = async () => {
      const found = await client.ask<InlayHint[]>('textDocument/inlayHint', path, { range: WHOLE });
      return found.map(
        ({ position: { line }, label }) => `${line} ${typeof label === 'string' ? label : ''}`,
      );
    };
    assert.deepEqual(await hints(), ['4 batch 2 · ≤ 32 tokens a step']);
    await client.until('refresh', () => (client.refreshed > 0 ? true : undefined));
    const later = await hints();
    assert.deepEqual([later[0], later.length], ['1 3 rows', 3]);
    assert.match(
      later[1] ?? '',
      /^4 6 steps · batch 2 · ≤ 32 tokens a step · \d+\.\d % of [\d,]+ parameters · \d+ KiB$/,
    );
    assert.equal(later[2], '6 3 rows');
    const first = { start: WHOLE.start, end: { line: 2, character: 0 } };
    assert.equal((await client.ask<InlayHint[]>('textDocument/inlayHint', path, { range: first })).length, 1);
    assert.deepEqual(client.log, []);
  });
});
