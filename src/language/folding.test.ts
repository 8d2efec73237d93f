import assert from 'node:assert/strict';
import { findFolds } from './folding.ts';
import { parse } from './parse.ts';

function folds(text: string): string[] {
  return findFolds(parse('/w/a.tune.yaml', text)).map(
    ({ startLine, endLine, kind }) => `${startLine}-${endLine}${kind === undefined ? '' : ` ${kind}`}`,
  );
}

describe('findFolds', () => {
  it('folds documents, maps, lists and brackets over several lines', () => {
    const text =
      'run: a\nmodel:\n  base: x\n  list:\n    - b: 1\n      c: 2\n    - d\ndata: {\n  train: e }\n\n---\nrun: b\nmodel: { base: y }\n';
    assert.deepEqual(folds(text), ['1-9', '2-7', '4-7', '5-6', '8-9', '12-13']);
  });

  it('folds comments, but not a text that looks like them', () => {
    const text =
      '# one\n# two\n\n# alone\nrun: a\nnote: |\n  # text\n  # text\n  # text\ntrain: {}\n  # x\n  # y\n';
    assert.deepEqual(folds(text), ['1-2 comment', '5-12', '6-9', '11-12 comment']);
  });

  it('folds with any line break, and in broken files', () => {
    assert.deepEqual(folds('run: a\r\ntrain:\r\n  seed: 1\r\n'), ['1-3', '2-3']);
    assert.deepEqual(folds('run: a\ntrain:\n  seed: {\n  epochs: 2\n'), ['1-4', '2-4']);
    assert.deepEqual(folds(''), []);
  });
});
