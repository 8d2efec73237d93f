import assert from 'node:assert/strict';
import { sentenceRows } from './sentence-rows.ts';

const HINT =
  'Set train.per_device_train_batch_size: 4 (needs 1.2 GiB), or method: { lora: {} } (needs 801.5 MiB), or take a smaller model; close other programs first.';

describe('sentenceRows', () => {
  it('shows a short sentence in one row with its icon', () => {
    assert.deepEqual(sentenceRows('error', 'It needs 801.5 GiB.'), ['$(error) It needs 801.5 GiB.']);
  });

  it('shows all of a long one, over rows that are not cut off, and breaks no word', () => {
    const rows = sentenceRows('lightbulb', HINT);
    assert.ok(rows.length > 1);
    const texts = rows.map((row) => row.replace(/^\$\(\w+\) /, ''));
    assert.equal(texts.join(' '), HINT);
    for (const text of texts) assert.ok(text.length <= 80, text);
    assert.deepEqual(
      rows.map((row) => /^\$\((\w+)\) /.exec(row)?.[1]),
      rows.map((_, i) => (i === 0 ? 'lightbulb' : 'blank')),
    );
  });

  it('breaks what is wider than a row: a path behind a slash, anything else where it must', () => {
    const path = `/home/somebody${'/a-folder-of-a-long-name'.repeat(6)}`;
    const rows = sentenceRows('error', `Copy ${path} again.`).map((row) => row.replace(/^\$\(\w+\) /, ''));
    assert.equal(rows[0], 'Copy');
    assert.equal(rows.slice(1).join(''), `${path} again.`);
    for (const row of rows) assert.ok(row.length <= 80, row);
    assert.ok(rows[1]?.endsWith('/'), rows[1]);
    assert.deepEqual(sentenceRows('x', 'y'.repeat(90)), [
      `$(x) ${'y'.repeat(80)}`,
      `$(blank) ${'y'.repeat(10)}`,
    ]);
  });
});
