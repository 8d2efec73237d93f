import assert from 'node:assert/strict';
import type { PromptFacts } from '../protocol/inspect.ts';
import { parse } from './parse.ts';
import { promptViewText } from './prompt-view.ts';

const FILE = parse('/w/a.tune.yaml', '');
const FACTS: PromptFacts = {
  data: 'd.test',
  row: 2,
  place: { file: '/w/data/test.csv', line: 4 },
  parts: [
    { role: 'system', text: 'Answer.', tokens: 2 },
    { role: 'user', text: 'red ->', tokens: 1 },
  ],
  counted: [{ candidate: 'small', tokens: 9, context: 64 }],
  notes: [],
};

describe('promptViewText', () => {
  it('says which row it is, how long the prompt is, and what is asked, word for word', () => {
    assert.equal(
      promptViewText(FILE, [{ name: 'ask', facts: FACTS }]),
      '# ask\nRow 3 of d.test: line 4 of data/test.csv\n9 tokens for small, which reads 64 together with its answer\n\n## system, 2 tokens\nAnswer.\n\n## user, 1 token\nred ->\n',
    );
  });

  it('says where a prompt is too long, cannot be filled, is for no rows, or has mistakes', () => {
    const long = { ...FACTS, counted: [{ candidate: 'small', tokens: 64, context: 64 }] };
    const text = promptViewText(FILE, [
      { name: 'long', facts: long },
      { name: 'unfilled', facts: { ...FACTS, parts: [], counted: [], problem: 'The row has no "x".' } },
      { name: 'unused', facts: { parts: [], counted: [], notes: [] } },
      { name: 'broken', reason: 'It has mistakes.' },
    ]);
    assert.match(text, /# long\n.*\nTOO LONG: 64 tokens for small, which reads 64/);
    assert.match(text, /# unfilled\nRow 3 .*\nCannot be filled: The row has no "x"\.\n/);
    assert.match(text, /# unused\nNothing says which rows it is for: give a candidate/);
    assert.match(text, /# broken\nIt has mistakes\.\n$/);
  });

  it('says so where there is no prompt', () => {
    assert.equal(promptViewText(FILE, []), 'This config has no `prompt:`.\n');
  });
});
