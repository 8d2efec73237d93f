import assert from 'node:assert/strict';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import { readTaskFixture } from '../testing/task-fixture.ts';
import { splitOf, TINY_TOKENIZER } from './testing/fixtures.ts';
import { loadTokenizer } from './tokenizer.ts';
import { IGNORED, tokenizeTokens } from './tokens.ts';

const TOKENS = { format: 'tokens', columns: { tokens: 'tokens', tags: 'ner_tags' } } as const;

describe('tokenizeTokens', () => {
  const workspace = temporaryFolder();
  const read = async (
    name: string,
    content: string,
    options: { labels?: string[]; max_length?: number } = {},
  ) => {
    const tokenizer = await loadTokenizer(TINY_TOKENIZER);
    const split = splitOf(workspace.path, { [name]: content }, TOKENS);
    return tokenizeTokens(split, tokenizer, { max_length: 8, ...options });
  };
  const row = (tokens: string[], ner_tags: unknown[]) => `${JSON.stringify({ tokens, ner_tags })}\n`;

  it('gives transformers’ ids, with the label on the first token of each word', async () => {
    for (const { words, input_ids, words_of_first_tokens } of readTaskFixture().alignment) {
      const tags = words.map((_, i) => `tag${String(i).padStart(2, '0')}`);
      const made = await read('rows.jsonl', row(words, tags));
      assert.deepEqual([...made.input_ids], input_ids);
      const names = [...made.labels].map((label) => (label === IGNORED ? undefined : made.labelNames[label]));
      assert.deepEqual(
        names,
        words_of_first_tokens.map((word) => (word < 0 ? undefined : tags[word])),
      );
    }
  });

  it('reads CoNLL: sentences between blank lines, the tag in the last column, no document marks', async () => {
    const conll = '-DOCSTART- -X- O\n\nba NN B-x\nbe NN I-x\n\n# a remark\ntu\tO\r\n';
    const { offsets, labelNames, report } = await read('rows.conll', conll);
    assert.deepEqual([...offsets], [0, 4, 7]);
    assert.deepEqual(labelNames, ['B-x', 'I-x', 'O']);
    assert.equal(report.rows, 2);
  });

  it('says which line has lists of unequal length, a text in place of a list, or an unknown tag', async () => {
    const line = { file: `${workspace.path}/rows.jsonl`, line: 2 };
    const good = row(['ba'], ['O']);
    await assert.rejects(read('rows.jsonl', good + row(['ba', 'be'], ['O'])), {
      code: 'data/unequal-lists',
      location: line,
    });
    await assert.rejects(read('rows.jsonl', `${good}{"tokens": "ba be", "ner_tags": ["O"]}\n`), {
      code: 'data/not-list',
      location: line,
    });
    await assert.rejects(read('rows.jsonl', good + row(['ba'], ['B-z']), { labels: ['O', 'B-x'] }), {
      code: 'data/unknown-label',
      location: line,
    });
    await assert.rejects(read('rows.conll', 'ba O\nbe\n'), { code: 'data/bad-row' });
  });

  it('counts what is cut, and takes tags that are numbers of the labels', async () => {
    const { report, labels } = await read(
      'rows.jsonl',
      row('ba '.repeat(12).trim().split(' '), new Array<number>(12).fill(1)),
      {
        labels: ['O', 'B-x'],
      },
    );
    assert.deepEqual({ ...report }, { rows: 1, truncated: 1, dropped: 0, masked: 0, longest: 8, tokens: 8 });
    assert.deepEqual([...labels], [IGNORED, 1, 1, 1, 1, 1, 1, IGNORED]);
  });
});
