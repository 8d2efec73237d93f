import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countWords } from './count-words.ts';
import { describeDataset } from './describe-dataset.ts';

describe('describeDataset', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tunebook-describe-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const describeFiles = (files: Record<string, string>, format: 'classification' | 'chat') => {
    const paths = Object.entries(files).map(([name, text]): [string, string[]] => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return [name.split('.')[0] ?? '', [path]];
    });
    const columns: Record<string, string> =
      format === 'chat' ? { messages: 'messages' } : { text: 'text', label: 'label' };
    return describeDataset(
      { name: 'd', file: join(folder, 'a.tune.yaml'), files: Object.fromEntries(paths), format, columns },
      new AbortController().signal,
    );
  };

  it('counts rows, labels and words of every split', async () => {
    const data = await describeFiles(
      { 'train.csv': 'text,label\none,a\none two,b\n"a b c d",b\n', 'test.csv': 'text,label\nx y,c\n' },
      'classification',
    );
    assert.deepEqual(data.splits, [
      { split: 'train', rows: 3, words: { median: 2, p95: 4, longest: 4 } },
      { split: 'test', rows: 1, words: { median: 2, p95: 2, longest: 2 } },
    ]);
    assert.deepEqual(data.labels, [
      { label: 'b', counts: [2, 0] },
      { label: 'a', counts: [1, 0] },
      { label: 'c', counts: [0, 1] },
    ]);
    assert.deepEqual(data.lengths.map(({ from, to, rows }) => [from, to, rows]), [[1, 1, 1], [2, 2, 2], [3, 3, 0], [4, 4, 1]]); // prettier-ignore
    assert.deepEqual(data.sample, { columns: ['text', 'label'], rows: [['one', 'a'], ['one two', 'b'], ['a b c d', 'b']] }); // prettier-ignore
  });

  it('puts lengths into at most ten classes or so that hold all rows', async () => {
    const rows = Array.from({ length: 100 }, (_, index) => `${'w '.repeat(index + 1).trim()},a`);
    const data = await describeFiles({ 'train.csv': `text,label\n${rows.join('\n')}\n` }, 'classification');
    assert.equal(data.lengths.reduce((sum, each) => sum + each.rows, 0), 100); // prettier-ignore
    assert.deepEqual(data.lengths[0], { from: 0, to: 9, rows: 9 });
    assert.ok(data.lengths.length <= 12);
  });

  it('counts the words of conversations', async () => {
    const messages = [
      { role: 'user', content: 'how are you' },
      { role: 'assistant', content: [{ type: 'text', text: 'fine thanks' }] },
    ];
    const data = await describeFiles({ 'train.jsonl': `${JSON.stringify({ messages })}\n` }, 'chat');
    assert.deepEqual(data.splits[0]?.words, { median: 5, p95: 5, longest: 5 });
    assert.equal(data.labels, undefined);
    assert.equal(countWords({ role: 'user' }), 0);
  });

  it('stops at a row that is wrong, with its line', async () => {
    await assert.rejects(
      describeFiles({ 'train.csv': 'text,label\none,a\ntwo,\n' }, 'classification'),
      /Line 3 of .*train\.csv/,
    );
  });
});
