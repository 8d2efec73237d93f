import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LineIndex } from './lines.ts';

describe('LineIndex', () => {
  it('counts lines and columns from 1, whatever ends a line', () => {
    const lines = new LineIndex('ab\ncd\r\ne\rf');
    assert.equal(lines.lineCount, 4);
    assert.deepEqual(
      [0, 2, 3, 5, 7, 9].map((offset) => lines.position(offset)),
      [
        { line: 1, column: 1 },
        { line: 1, column: 3 },
        { line: 2, column: 1 },
        { line: 2, column: 3 },
        { line: 3, column: 1 },
        { line: 4, column: 1 },
      ],
    );
  });

  it('keeps to the text', () => {
    const lines = new LineIndex('ab\nc');
    assert.equal(lines.offset({ line: 9, column: 9 }), 4);
    assert.equal(lines.offset({ line: 1, column: 99 }), 3);
    assert.equal(lines.offset({ line: 0, column: 5 }), 0);
  });

  it('turns offsets into positions and back', () =>
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '\r', 'ü') }), fc.nat(40), (text, at) => {
        const lines = new LineIndex(text);
        const offset = Math.min(at, text.length);
        assert.equal(lines.offset(lines.position(offset)), offset);
      }),
    ));
});
