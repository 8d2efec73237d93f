import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedRows } from './shared-rows.ts';

describe('sharedRows', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'shared-rows-'))));
  after(() => rmSync(folder, { recursive: true }));

  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const params = (format: string, file: string) => ({ files: [file], columns: {}, format });

  it('counts rows with the same text, whatever their label and whatever the file is', async () => {
    const train = params('classification', write('train.csv', 'label,text\na,one\nb,"two, three"\nb,four\n'));
    const test = params(
      'classification',
      write(
        'test.jsonl',
        '{"text":"new","label":"a"}\n{"text":"two, three","label":"a"}\n{"text":"four","label":"b"}\n',
      ),
    );
    assert.deepEqual(await sharedRows({ train, eval: test }), {
      rows: 3,
      shared: 2,
      first: { file: join(folder, 'test.jsonl'), line: 2 },
    });
  });

  it('compares prompts with their completions, and whole conversations', async () => {
    const rows = (answer: string) => `{"prompt":"p","completion":${JSON.stringify(answer)}}\n`;
    const train = params('prompt-completion', write('a.jsonl', rows('x')));
    const test = params('prompt-completion', write('b.jsonl', rows('y') + rows('x')));
    assert.equal((await sharedRows({ train, eval: test }))?.shared, 1);
    const talk = '{"messages":[{"role":"user","content":"hi"}]}\n';
    const chat = params('chat', write('c.jsonl', talk));
    assert.equal((await sharedRows({ train: chat, eval: chat }))?.shared, 1);
  });

  it('knows nothing of files that are too large, or cannot be read', async () => {
    const file = params('text', write('d.txt', 'one\ntwo\n'));
    assert.equal(await sharedRows({ train: file, eval: file }, { maxBytes: 10 }), undefined);
    const other = params('classification', write('g.csv', 'a,label\nx,y\n'));
    assert.equal((await sharedRows({ train: other, eval: other }))?.shared, 0);
    const broken = params('classification', write('e.csv', 'a,b\n"unclosed\n'));
    assert.equal(await sharedRows({ train: broken, eval: broken }), undefined);
  });

  it('is given up when nobody wants to know', async () => {
    const file = params('text', write('f.txt', 'one\n'.repeat(50_000)));
    await assert.rejects(sharedRows({ train: file, eval: file }, { signal: AbortSignal.abort() }));
  });
});
