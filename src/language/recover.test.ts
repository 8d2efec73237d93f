import assert from 'node:assert/strict';
import { isScalar } from 'yaml';
import { recover } from './recover.ts';

/** What is left of a text, and the lines with problems, from 1. */
function read(text: string): { value: unknown; lines: number[] } {
  const { document, problems } = recover(text, text, 0);
  const value: unknown = document?.toJS();
  return { value, lines: problems.map(({ start }) => text.slice(0, start).split('\n').length) };
}

describe('recover', () => {
  it('reads everything but the broken line', () => {
    assert.deepEqual(read('a: 1\nb 2\nc: 3\n'), { value: { a: 1, c: 3 }, lines: [2] });
    assert.deepEqual(read('a:\n  x: 1\n  y 2\n  z: 3\nb: 4\n'), {
      value: { a: { x: 1, z: 3 }, b: 4 },
      lines: [3],
    });
  });

  it('takes the line that opens a bracket or a quote for the broken one, not the one that stumbles over it', () => {
    assert.deepEqual(read('a: 1\nb: [x, y\nc: 3\n').lines, [2]);
    assert.deepEqual(read('a: 1\nb: "x\nc: 3\nd: 4\n'), { value: { a: 1, c: 3, d: 4 }, lines: [2] });
    assert.deepEqual(read('a: { x: 1\nb: 2\nc: 3\n').lines, [1]);
  });

  it('does so below a blank line at the start, too', () => {
    assert.deepEqual(read('\na: [t }\n').lines, [2]);
    assert.deepEqual(read('\n\na: {\nb: 1\n').lines, [3]);
  });

  it('finds several', () => {
    assert.deepEqual(read('a: 1\nb 2\nc: 3\nd: [4\ne: 5\n').lines, [2, 4]);
  });

  it('leaves every offset as it is', () => {
    const text = 'a: 1\nb 2\nc: 3\n';
    const { document } = recover(text, text, 0);
    const node = document?.get('c', true);
    assert.ok(isScalar(node));
    assert.equal(node.range?.[0], text.indexOf('3'));
  });

  it('counts places from the start of the file', () => {
    const text = 'a: 1\n---\nb 2\nc: 3\n';
    const base = text.indexOf('---');
    const { problems } = recover(text.slice(base), text, base);
    assert.deepEqual(
      problems.map(({ start, end }) => text.slice(start, end)),
      ['b 2'],
    );
  });

  it('reads tabs as the spaces that they stand for', () => {
    assert.deepEqual(read('a:\n\tx: 1\n\ty: 2\n'), { value: { a: { x: 1, y: 2 } }, lines: [2] });
  });

  it('reads a value without the tag that means nothing', () => {
    assert.deepEqual(read('a: !int 1\nb: !x {c: 2}\n'), { value: { a: 1, b: { c: 2 } }, lines: [1, 2] });
  });

  it('says nothing of what is right', () => {
    for (const text of ['', 'a: 1', '- 1\n- 2\n', 'a: |\n  b: [\n', '"a": {b: 1}\n']) {
      assert.deepEqual(recover(text, text, 0).problems, [], text);
    }
  });
});
