import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareSpans, cutText } from './spans.ts';

const TEXT = 'We met in New York with ESPN';
const place = { start: 10, end: 18, type: 'place' };
const cut = { start: 10, end: 13, type: 'place' };
const group = { start: 24, end: 28, type: 'group' };

describe('entities held against others', () => {
  it('are the same where type and both ends are', () => {
    assert.deepEqual(compareSpans([cut, group], [place, group]), [
      { ...cut, kind: 'added' },
      { ...place, kind: 'removed' },
      { ...group, kind: 'same' },
    ]);
    assert.deepEqual(
      compareSpans([{ ...group, type: 'place' }], [group]).map(({ kind }) => kind),
      ['added', 'removed'],
    );
    assert.deepEqual(compareSpans([group]), [{ ...group, kind: 'same' }]);
  });

  it('cut a text without losing a letter', () => {
    assert.deepEqual(
      cutText(TEXT, compareSpans([place, group])).map(({ text, span }) => [text, span?.type]),
      [
        ['We met in ', undefined],
        ['New York', 'place'],
        [' with ', undefined],
        ['ESPN', 'group'],
      ],
    );
    const spans = fc.array(
      fc
        .record({ start: fc.nat(40), end: fc.nat(40), type: fc.constantFrom('a', 'b') })
        .filter((each) => each.start < each.end),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), spans, (text, some) => {
        const pieces = cutText(text, compareSpans(some));
        assert.equal(pieces.map((piece) => piece.text).join(''), text);
      }),
    );
  });
});
