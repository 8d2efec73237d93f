import assert from 'node:assert/strict';
import { createStyle } from './style.ts';
import { underline } from './underline.ts';

const style = createStyle(false);

/** The part of a line that the mark stands below, in a terminal where wide characters take two columns. */
function marked(text: string, column: number, endColumn: number): string[] {
  return underline(text, { line: 7, column, endLine: 7, endColumn }, style);
}

describe('underline', () => {
  it('marks the part below the line', () => {
    assert.deepEqual(marked('  learnin_rate: 5e-4', 3, 15), [
      '    7 |   learnin_rate: 5e-4',
      '      |   ^^^^^^^^^^^^',
    ]);
  });

  it('marks one column where nothing stands', () => {
    assert.deepEqual(marked('base:', 6, 6), ['    7 | base:', '      |      ^']);
    assert.deepEqual(marked('', 1, 1), ['    7 | ', '      | ^']);
    assert.deepEqual(marked('ab', 40, 41), ['    7 | ab', '      |   ^']);
  });

  it('marks to the end of the line what goes on below', () => {
    assert.deepEqual(underline('train: {', { line: 7, column: 8, endLine: 9, endColumn: 2 }, style), [
      '    7 | train: {',
      '      |        ^',
    ]);
  });

  it('counts columns of a terminal, not characters', () => {
    assert.deepEqual(marked('名前: x', 5, 6), ['    7 | 名前: x', '      |       ^']);
    assert.deepEqual(marked('cafe\u0301: x', 8, 9), ['    7 | cafe\u0301: x', '      |       ^']);
    assert.deepEqual(marked('🎈: x', 5, 6), ['    7 | 🎈: x', '      |     ^']);
  });

  it('keeps tabs and what a terminal would obey from moving the mark', () => {
    assert.deepEqual(marked('\ta: b', 2, 3), ['    7 |  a: b', '      |  ^']);
    assert.deepEqual(marked('\u001b[31ma', 6, 7), ['    7 | \ufffd[31ma', '      |      ^']);
  });

  it('cuts a long line around the part, which stays whole and marked', () => {
    const text = `${'x'.repeat(300)}wrong${'y'.repeat(300)}`;
    const [line = '', mark = ''] = marked(text, 301, 306);
    assert.ok(line.length < 110);
    assert.equal(line.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1), 'wrong');
    assert.match(line, /\| …x+wrongy+…$/);
  });
});
