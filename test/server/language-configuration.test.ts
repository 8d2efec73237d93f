import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ROOT } from './support/build.ts';

interface Configuration {
  wordPattern: string;
  indentationRules: { increaseIndentPattern: string; decreaseIndentPattern: string };
}

// SAFETY: the file has these fields, or the tests below fail.
const configuration = JSON.parse(
  readFileSync(`${ROOT}syntaxes/language-configuration.json`, 'utf8'),
) as Configuration;

describe('the language configuration', () => {
  const { increaseIndentPattern, decreaseIndentPattern } = configuration.indentationRules;
  const opens = (line: string) => new RegExp(increaseIndentPattern).test(line);

  it('indents below a field without a value, and inside brackets', () => {
    for (const line of [
      'train:',
      '  lora:',
      'train: # settings',
      'train: &t',
      'model: {',
      'metrics: [accuracy,',
    ]) {
      assert.ok(opens(line), line);
    }
  });

  it('stays in the column below everything else', () => {
    for (const line of [
      'run: a',
      '  seed: 1',
      '# train:',
      '---',
      'model: { base: x }',
      '- a',
      '',
      '  # { ',
    ]) {
      assert.ok(!opens(line), line);
    }
  });

  it('goes back with the bracket that closes', () => {
    assert.match('  }', new RegExp(decreaseIndentPattern));
    assert.doesNotMatch('model: { a }', new RegExp(decreaseIndentPattern));
  });

  it('takes a name with dashes for one word', () => {
    const words = 'task: text-classification, intents.train'.match(
      new RegExp(configuration.wordPattern, 'g'),
    );
    assert.deepEqual(words, ['task', 'text-classification', 'intents', 'train']);
  });
});
