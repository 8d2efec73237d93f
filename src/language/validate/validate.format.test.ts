import assert from 'node:assert/strict';
import { RUN, stream } from '../testing/example.ts';
import { diagnose, expectProblem, summary } from '../testing/expect-problem.ts';

const ROWS = 'dataset: «rows»\nfiles: { train: rows.jsonl }\n';
const world = (...columns: string[]) => ({ data: { '/w/rows.jsonl': { rows: 50, columns } } });

describe('a format that is left out', () => {
  it('is told where the columns make it clear', () =>
    expectProblem(
      ROWS,
      {
        code: 'tune/recognised-format',
        message: 'The rows are read as `format: alpaca`, by their columns.',
        severity: 'information',
        fix: 'Add format: alpaca',
        becomes: 'format: alpaca',
      },
      world('instruction', 'input', 'output'),
    ));

  it('is missed where several fit', () =>
    expectProblem(
      ROWS,
      {
        code: 'tune/unclear-format',
        message: 'The columns of the data are those of `sharegpt` and `chat`. Add `format`.',
        fix: 'Add format: chat',
      },
      world('messages', 'conversations'),
    ));

  it('is missed where none fits', async () => {
    const [only, ...more] = await diagnose(ROWS.replace(/[«»]/g, ''), world('utterance', 'intent'));
    assert.deepEqual(more.map(summary), []);
    assert.match(only?.message ?? '', /^The columns of the data are those of no format\. Add `format`/);
    assert.equal(only?.code, 'tune/unclear-format');
  });

  it('is no mistake where nothing is known of the data', async () => {
    assert.deepEqual((await diagnose(ROWS.replace(/[«»]/g, ''), { data: {} })).map(summary), [
      'tune/missing-file: There is no file `rows.jsonl`. Correct the path; it is relative to this file.',
    ]);
    const hub = 'dataset: rows\nfiles: { train: hf:a/b }\n';
    assert.deepEqual((await diagnose(hub)).map(summary), []);
  });

  it('is known to what asks for labels', async () => {
    const text = stream(
      ROWS.replace(/[«»]/g, ''),
      RUN.replace('intents.train, eval: intents.validation', 'rows.train'),
    );
    const labelled = { rows: 50, columns: ['text', 'label'], labels: { a: 25, b: 25 } };
    const found = await diagnose(text.replace('base: base', 'base: base, num_labels: 3'), {
      data: { '/w/rows.jsonl': labelled },
    });
    assert.deepEqual(
      found.map(({ code }) => code),
      ['tune/recognised-format', 'tune/label-count'],
    );
  });
});
