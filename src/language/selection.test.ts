import assert from 'node:assert/strict';
import { parse } from './parse.ts';
import { findSelections } from './selection.ts';
import { atCursor } from './testing/cursor-mark.ts';

/** What is selected step by step at the `|`. */
function selections(marked: string): string[] {
  const { text, offset } = atCursor(marked);
  return findSelections(parse('/w/a.tune.yaml', text), offset).map(({ start, end }) =>
    text.slice(start, end),
  );
}

describe('findSelections', () => {
  it('grows from a value over its field and map to the document and the file', () => {
    const text = 'dataset: x\n---\nrun: a\ntrain:\n  seed: 1|2\n  b: 3\n';
    assert.deepEqual(selections(text), [
      '12',
      'seed: 12',
      'seed: 12\n  b: 3',
      'train:\n  seed: 12\n  b: 3',
      'run: a\ntrain:\n  seed: 12\n  b: 3',
      '---\nrun: a\ntrain:\n  seed: 12\n  b: 3',
      '---\nrun: a\ntrain:\n  seed: 12\n  b: 3\n',
      'dataset: x\n---\nrun: a\ntrain:\n  seed: 12\n  b: 3\n',
    ]);
  });

  it('takes what is inside of quotes and brackets first', () => {
    assert.deepEqual(selections('a: { b: "x| y" }').slice(0, 6), [
      'x y',
      '"x y"',
      'b: "x y"',
      ' b: "x y" ',
      '{ b: "x y" }',
      'a: { b: "x y" }',
    ]);
    assert.deepEqual(selections('a: [b|, c]').slice(0, 3), ['b', 'b, c', '[b, c]']);
  });

  it('begins with the key on a key, and gives the file between things', () => {
    assert.deepEqual(selections('run: a\ntr|ain: { seed: 1 }\n').slice(0, 2), [
      'train',
      'train: { seed: 1 }',
    ]);
    assert.deepEqual(selections('|'), ['']);
    assert.deepEqual(selections('# a|\n\nrun: b\n').at(-1), '# a\n\nrun: b\n');
  });

  it('does not leave for where an alias leads', () => {
    assert.deepEqual(selections('a: &x { b: 1 }\nc: *|x\n').slice(0, 2), ['c: *x', 'a: &x { b: 1 }\nc: *x']);
  });
});
