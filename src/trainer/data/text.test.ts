import assert from 'node:assert/strict';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import { failureOf, splitOf, TINY_TOKENIZER } from './testing/fixtures.ts';
import { tokenizeText } from './text.ts';
import { loadTokenizer, type Tokenizer } from './tokenizer.ts';

describe('tokenizeText', () => {
  const folder = temporaryFolder();
  let tokenizer: Tokenizer;
  before(async () => {
    tokenizer = await loadTokenizer(TINY_TOKENIZER);
  });
  const read = (files: Record<string, string>, max_length = 6) =>
    tokenizeText(splitOf(folder.path, files, { format: 'text' }), tokenizer, { max_length });

  it('makes a sequence of each line, special tokens included', async () => {
    const data = await read({ 'a.txt': 'ba be\nbi\n' });
    assert.deepEqual([...data.input_ids], [2, 5, 6, 3, 2, 7, 3]);
    assert.deepEqual([...data.offsets], [0, 4, 7]);
    assert.equal(data.sources(1).line, 2);
    assert.deepEqual(data.report, { rows: 2, truncated: 0, dropped: 0, masked: 0, longest: 4, tokens: 7 });
  });

  it('splits long rows and loses nothing', async () => {
    const data = await read({ 'a.csv': 'text,n\nba be bi bo bu da de di do,1\n' });
    assert.deepEqual([...data.input_ids], [2, 5, 6, 7, 8, 3, 2, 9, 10, 11, 12, 3, 2, 13, 3]);
    assert.deepEqual([...data.offsets], [0, 6, 12, 15]);
    assert.deepEqual(
      [0, 1, 2].map((sequence) => data.sources(sequence).line),
      [2, 2, 2],
    );
    assert.deepEqual([data.report.rows, data.report.truncated, data.report.longest], [1, 1, 6]);
  });

  it('says what is wrong', async () => {
    assert.equal((await failureOf(read({ 'a.txt': '' }))).code, 'data/empty');
    assert.equal((await failureOf(read({ 'a.csv': 'body\nba\n' }))).code, 'data/missing-column');
    assert.equal((await failureOf(read({ 'a.txt': 'ba\n' }, 2))).code, 'data/max-length');
  });
});
