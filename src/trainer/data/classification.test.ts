import assert from 'node:assert/strict';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import { tokenizeClassification, type ClassificationOptions } from './classification.ts';
import { failureOf, splitOf, TINY_TOKENIZER } from './testing/fixtures.ts';
import { loadTokenizer, type Tokenizer } from './tokenizer.ts';

describe('tokenizeClassification', () => {
  const folder = temporaryFolder();
  let tokenizer: Tokenizer;
  before(async () => {
    tokenizer = await loadTokenizer(TINY_TOKENIZER);
  });
  const read = (
    files: Record<string, string>,
    options: Partial<ClassificationOptions> = {},
    columns: Record<string, string> = {},
  ) =>
    tokenizeClassification(splitOf(folder.path, files, { columns }), tokenizer, {
      max_length: 8,
      ...options,
    });

  it('gives ids row by row, labels by sorted name, and where each row comes from', async () => {
    const data = await read({
      'a.csv': 'text,label\nba be,yes\n"bi\nbo",no\n',
      'b.jsonl': '{"text": "bu", "label": "yes"}\n',
    });
    assert.deepEqual([...data.input_ids], [2, 5, 6, 3, 2, 7, 8, 3, 2, 9, 3]);
    assert.deepEqual([...data.offsets], [0, 4, 8, 11]);
    assert.deepEqual(
      [[...data.labels], data.labelNames],
      [
        [1, 0, 1],
        ['no', 'yes'],
      ],
    );
    assert.equal(data.token_type_ids, undefined);
    assert.deepEqual(
      [0, 1, 2].map((row) => data.sources(row)).map(({ file, line }) => [file.slice(-5), line]),
      [
        ['a.csv', 2],
        ['a.csv', 3],
        ['jsonl', 1],
      ],
    );
    assert.deepEqual(data.report, { rows: 3, truncated: 0, dropped: 0, masked: 0, longest: 4, tokens: 11 });
  });

  it('cuts rows at max_length and counts them', async () => {
    const data = await read({ 'a.csv': 'text,label\nba be bi bo bu,x\nba,y\n' }, { max_length: 5 });
    assert.deepEqual([...data.input_ids], [2, 5, 6, 7, 3, 2, 5, 3]);
    assert.deepEqual([data.report.truncated, data.report.longest], [1, 5]);
  });

  it('reads pairs of texts, with the type of each token', async () => {
    const data = await read(
      { 'a.csv': 'one,two,label\nba,be bi,x\n' },
      { keepTexts: true },
      { text: 'one', text_pair: 'two' },
    );
    assert.deepEqual([...data.input_ids], [2, 5, 3, 6, 7, 3]);
    assert.deepEqual([...data.token_type_ids!], [0, 0, 0, 1, 1, 1]);
    assert.deepEqual(data.texts, ['ba\nbe bi']);
  });

  it('keeps the texts where that is asked for', async () => {
    const files = { 'a.csv': 'text,label\nBa be,x\n' };
    assert.deepEqual((await read(files, { keepTexts: true })).texts, ['Ba be']);
    assert.equal((await read(files)).texts, undefined);
  });

  it('says what is wrong, and where', async () => {
    const wrong: [string, string, RegExp][] = [
      ['text,label\n', 'data/empty', /rows\.train is empty/],
      [
        'text,category\nba,x\n',
        'data/missing-column',
        /no column "label" for the label; it has text and category/,
      ],
      ['body,label\nba,x\n', 'data/missing-column', /no column "text"/],
      ['text,label\nba,x\n ,y\n', 'data/empty-text', /Line 3/],
      ['text,label\nba,x\nbe,\n', 'data/empty-label', /Line 3/],
    ];
    for (const [content, code, message] of wrong) {
      const error = await failureOf(read({ 'a.csv': content }));
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.ok(error.hint);
    }
  });

  it('says so when nothing fits into max_length', async () => {
    const error = await failureOf(read({ 'a.csv': 'text,label\nba,x\n' }, { max_length: 2 }));
    assert.equal(error.code, 'data/max-length');
  });

  it('ends when it is cancelled', async () => {
    const rows = 'ba be bi,x\n'.repeat(20_000);
    const promise = read({ 'a.csv': `text,label\n${rows}` }, { signal: AbortSignal.timeout(1) });
    await assert.rejects(promise, { name: 'TimeoutError' });
  });
});
