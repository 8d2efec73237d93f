import assert from 'node:assert/strict';
import { TunebookError } from '../../protocol/error.ts';
import { LabelReader, type LabelRules } from './labels.ts';

/** The indices and names that a column of labels gets. */
function readAll(values: unknown[], rules: LabelRules = {}): { names: string[]; indices: number[] } {
  const reader = new LabelReader('label', rules);
  const met = values.map((label, i) => reader.read({ values: { label }, file: 'a.csv', line: i + 2 }));
  const { names, order } = reader.finish();
  return { names, indices: met.map((index) => order[index]!) };
}

function failure(values: unknown[], rules: LabelRules = {}): TunebookError {
  try {
    readAll(values, rules);
  } catch (error) {
    assert.ok(error instanceof TunebookError);
    return error;
  }
  assert.fail('it was accepted');
}

describe('labels', () => {
  it('are sorted by character, as sorted() in Python does, whatever order they come in', () => {
    assert.deepEqual(readAll(['pear', 'Apple', 'fig', 'pear', 'éclair']), {
      names: ['Apple', 'fig', 'pear', 'éclair'],
      indices: [2, 0, 1, 2, 3],
    });
  });

  it('that are integers are sorted by value', () => {
    assert.deepEqual(readAll(['10', '2', '-1', 10]), { names: ['-1', '2', '10'], indices: [2, 1, 0, 2] });
  });

  it('follow a given list, as names or as numbers of its places', () => {
    const labels = ['no', 'yes', 'maybe'];
    assert.deepEqual(readAll(['yes', '2', 0], { labels }), { names: labels, indices: [1, 2, 0] });
  });

  it('that are numbers in a list are names first', () => {
    assert.deepEqual(readAll(['1', '0'], { labels: ['1', '0'] }).indices, [0, 1]);
  });

  it('that are not in the list are told with their line, and the near one is offered', () => {
    const { code, message, hint, location } = failure(['yes', ' YES'], { labels: ['no', 'yes'] });
    assert.equal(code, 'data/unknown-label');
    assert.match(
      message,
      /Line 3 of a\.csv has the label " YES", which is none of the 2 labels \(no and yes\)/,
    );
    assert.equal(hint, 'Write it as "yes".');
    assert.equal(location?.line, 3);
    assert.equal(failure(['3'], { labels: ['a', 'b'] }).code, 'data/unknown-label');
  });

  it('that are empty are told with their line', () => {
    for (const value of ['', '  ', null, undefined]) {
      const { code, location } = failure(['a', value]);
      assert.deepEqual([code, location?.line], ['data/empty-label', 3]);
    }
  });

  it('that are neither texts nor numbers are told with their line', () => {
    for (const value of [['a'], { a: 1 }, true]) {
      const { code, location } = failure(['a', value]);
      assert.deepEqual([code, location?.line], ['data/bad-labels', 3]);
    }
  });

  it('must be as many as num_labels says', () => {
    const { code, message, hint } = failure(['a', 'b', 'c'], { num_labels: 2 });
    assert.equal(code, 'data/label-count');
    assert.match(
      message,
      /num_labels is 2, but the column "label" of a\.csv holds 3 different labels \(a, b and c\)/,
    );
    assert.match(hint ?? '', /Set num_labels: 3/);
    assert.equal(readAll(['a', 'b'], { num_labels: 2 }).names.length, 2);
  });

  it('must be as many as num_labels says when they are listed too: an index without an output would train nothing', () => {
    const { code, message } = failure(['a'], { labels: ['a', 'b', 'c'], num_labels: 2 });
    assert.equal(code, 'data/label-count');
    assert.match(message, /3 labels are listed/);
  });
});
