import assert from 'node:assert/strict';
import { findLinks } from './links.ts';
import { parse } from './parse.ts';
import { MemoryHost } from './testing/memory-host.ts';

async function links(text: string, ...files: string[]): Promise<string[]> {
  const file = parse('/w/a.tune.yaml', text);
  const found = await findLinks(
    file,
    new MemoryHost({ files: Object.fromEntries(files.map((path) => [path, ''])) }),
  );
  return found.map(({ start, end, target }) => {
    return `${text.slice(start, end)} → ${'url' in target ? target.url : target.path}`;
  });
}

describe('findLinks', () => {
  it('links data files, in lists and in quotes, that are there', async () => {
    const text = 'dataset: a\nfiles: { train: [x.csv, "../y.csv"], test: gone.csv }\n';
    assert.deepEqual(await links(text, '/w/x.csv', '/y.csv'), ['x.csv → /w/x.csv', '../y.csv → /y.csv']);
  });

  it('links the file of a reference, not the name in it', async () => {
    const text = 'run: a\nextends: b.tune.yaml#base\ndata: { train: sub/c.tune.yaml#d.train, eval: e.f }\n';
    assert.deepEqual(await links(text, '/w/b.tune.yaml', '/w/sub/c.tune.yaml'), [
      'b.tune.yaml → /w/b.tune.yaml',
      'sub/c.tune.yaml → /w/sub/c.tune.yaml',
    ]);
  });

  it('links models on the Hub', async () => {
    const text =
      'run: a\nmodel: { base: hf:google/bert_tiny@v1.0 }\n---\nrun: b\nmodel: { base: hf:gpt2 }\n---\nrun: c\nmodel: { base: run:b }\n';
    assert.deepEqual(await links(text), [
      'hf:google/bert_tiny@v1.0 → https://huggingface.co/google/bert_tiny/tree/v1.0',
      'hf:gpt2 → https://huggingface.co/gpt2',
    ]);
  });

  it('links nothing in texts with escapes, broken files and columns', async () => {
    const text = 'dataset: a\nfiles: { train: "\\x78.csv" }\ncolumns: { text: x.csv }\nformat: {\n';
    assert.deepEqual(await links(text, '/w/x.csv'), []);
  });
});
