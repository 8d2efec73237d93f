import assert from 'node:assert/strict';
import { sliceDocuments } from './slice.ts';

const slices = (text: string) => sliceDocuments(text).map(({ start, end }) => text.slice(start, end));

describe('sliceDocuments', () => {
  it('cuts at the lines that begin a document', () => {
    assert.deepEqual(slices('a: 1\n---\nb: 2\n--- # c\nc: 3'), ['a: 1\n', '---\nb: 2\n', '--- # c\nc: 3']);
  });

  it('gives comments and directives to the document that follows them', () => {
    assert.deepEqual(slices('# first\n%YAML 1.2\n---\na: 1\n'), ['# first\n%YAML 1.2\n---\na: 1\n']);
    assert.deepEqual(slices('\uFEFF# first\n---\na: 1\n'), ['\uFEFF# first\n---\na: 1\n']);
  });

  it('cuts behind the lines that end a document', () => {
    assert.deepEqual(slices('a: 1\n...\nb: 2\n'), ['a: 1\n...\n', 'b: 2\n']);
    assert.deepEqual(slices('a: 1\n...\n'), ['a: 1\n...\n']);
    assert.deepEqual(slices('a: 1\n...\n# b\n---\nb: 2\n'), ['a: 1\n...\n', '# b\n---\nb: 2\n']);
  });

  it('takes nothing else for a mark', () => {
    for (const text of ['a: ---\n', ' ---\n', '----\n', '---x\n', '....\n'])
      assert.equal(slices(text).length, 1, text);
  });

  it('leaves no character out', () => {
    for (const text of ['', '---', '---\n---\n', '...\n...\n', 'a\r\n---\r\nb\r\n...\r\n', '\n\n---\n\n']) {
      assert.equal(slices(text).join(''), text);
    }
  });
});
