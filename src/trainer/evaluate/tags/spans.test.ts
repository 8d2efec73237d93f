import assert from 'node:assert/strict';
import { describeSpans, placeSpans, readerOf, textOfWords } from './spans.ts';

describe('the entities of a sentence', () => {
  const words = ['In', 'New', 'York', ',', '😀', 'ESPN'];
  const text = textOfWords(words);
  const spansOf = (...tags: string[]) => placeSpans(words, readerOf(tags)(tags));

  it('stand where their words do, in UTF-16 units', () => {
    const spans = spansOf('O', 'B-place', 'I-place', 'O', 'B-face', 'B-group');
    assert.deepEqual(
      spans.map(({ start, end, type }) => [text.slice(start, end), type]),
      [
        ['New York', 'place'],
        ['😀', 'face'],
        ['ESPN', 'group'],
      ],
    );
    assert.equal(describeSpans(text, spans), 'New York (place), 😀 (face), ESPN (group)');
  });

  it('are none, and that is said', () => {
    assert.equal(describeSpans(text, spansOf('O', 'O', 'O', 'O', 'O', 'O')), '(none)');
  });

  it('are single words where the tags are parts of speech', () => {
    assert.equal(
      describeSpans(text, spansOf('ADP', 'NOUN', 'NOUN', 'O', 'SYM', 'NOUN')),
      'In (ADP), New (NOUN), York (NOUN), 😀 (SYM), ESPN (NOUN)',
    );
  });

  it('of words that are empty stand nowhere, and move nothing', () => {
    const odd = ['a', '', 'b'];
    const [span] = placeSpans(odd, [{ type: 'x', first: 1, last: 2 }]);
    assert.equal(textOfWords(odd).slice(span!.start, span!.end), ' b');
  });
});
