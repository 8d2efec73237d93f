import assert from 'node:assert/strict';
import { cellWord, metricTitle, valueWord } from './words.ts';

describe('metrics: words', () => {
  it('call metrics by what people call them', () => {
    const names = [
      'loss',
      'eval_loss',
      'learning_rate',
      'grad_norm',
      'tokens_per_second',
      'eval_macro_f1',
      'eval_accuracy',
    ];
    assert.deepEqual(names.map(metricTitle), [
      'Loss',
      'Loss',
      'Learning rate',
      'Gradient norm',
      'Tokens per second',
      'Macro-F1',
      'Accuracy',
    ]);
  });

  it('write cells that stand under each other with as many digits', () => {
    const cells: [string, Parameters<typeof cellWord>[1], string][] = [
      ['loss', 2.5, '2.5000'],
      ['loss', 0.04312345, '0.043123'],
      ['learning_rate', 5e-7, '5.000e-7'],
      ['tokens_per_second', 4233.21, '4233.2'],
      ['tokens_per_second', 42_332.1, '42,332'],
      ['eval_accuracy', 0.93, '93.00 %'],
      ['learning_rate', 0, '0.0000'],
      ['loss', 'NaN', 'NaN'],
      ['grad_norm', '-Infinity', '−Infinity'],
      ['eval_loss', null, ''],
    ];
    for (const [metric, value, word] of cells) assert.equal(cellWord(metric, value), word);
  });

  it('write what is not finite as a word, also of a share', () => {
    assert.deepEqual(
      [valueWord('eval_accuracy', 'NaN'), valueWord('loss', 'Infinity'), valueWord('eval_accuracy', 0.5)],
      ['NaN', 'Infinity', '50.0 %'],
    );
  });
});
