import assert from 'node:assert/strict';
import { recogniseFormat } from './recognise-format.ts';

describe('the format of rows, by their columns', () => {
  for (const [columns, expected] of [
    [['text', 'label'], ['classification']],
    [['text', 'id'], ['text']],
    [['instruction', 'output'], ['alpaca']],
    [['instruction', 'input', 'output', 'id'], ['alpaca']],
    [['conversations'], ['sharegpt']],
    [['messages', 'text'], ['chat']],
    [['prompt', 'completion'], ['prompt-completion']],
    [['prompt', 'chosen', 'rejected'], ['preference']],
    [['chosen', 'rejected'], ['preference']],
    [['input', 'preferred_output', 'non_preferred_output'], ['preference']],
    [['chosen_messages', 'rejected_messages'], ['preference']],
    [['tokens', 'ner_tags', 'text'], ['tokens']],
    [
      ['messages', 'conversations'],
      ['sharegpt', 'chat'],
    ],
    [['utterance', 'intent'], []],
  ] as const)
    it(`${columns.join(', ')}: ${expected.join(' or ') || 'none'}`, () =>
      assert.deepEqual(recogniseFormat(columns), expected));

  it('goes by the columns that are named, and by the task', () => {
    assert.deepEqual(recogniseFormat(['utterance', 'intent'], { text: 'utterance', label: 'intent' }), [
      'classification',
    ]);
    assert.deepEqual(recogniseFormat(['text', 'label'], {}, 'text-generation'), ['text']);
    assert.deepEqual(recogniseFormat(['text', 'label'], {}, 'fill-mask'), ['text']);
    assert.deepEqual(recogniseFormat(['messages', 'tokens', 'ner_tags'], {}, 'token-classification'), [
      'tokens',
    ]);
    assert.deepEqual(recogniseFormat(['text'], {}, 'text-classification'), []);
  });
});
