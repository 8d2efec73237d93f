import assert from 'node:assert/strict';
import { findCellProblems, type ShownCell } from './cell-problems.ts';
import { readPieces } from './pieces.ts';

/** The cells that an editor shows of a file. */
function shown(text: string): ShownCell[] {
  return readPieces(text).pieces.map((source) => ({ kind: source.kind, text: source.text, source }));
}

/** Each problem as the number of its cell, its code and the text that it stands at. */
function problems(cells: readonly ShownCell[]): [number, string, string][] {
  return findCellProblems(cells).map(({ cell, code, start, end }) => [
    cell,
    code,
    cells[cell]!.text.slice(start, end),
  ]);
}

const CELL = '```yaml tune\nrun: a\n```\n';
const prose = (text: string): ShownCell => ({ kind: 'prose', text });
const code = (text: string): ShownCell => ({ kind: 'cell', text });

describe('the Markdown around the cells of an open notebook', () => {
  it('has marks of a merge in prose, at the line that opens them', () => {
    const text = `# A\n\n${CELL}\nBefore.\n\n<<<<<<< HEAD\nOurs.\n=======\nTheirs.\n>>>>>>> branch\n`;
    assert.deepEqual(problems(shown(text)), [[2, 'notebook/merge-conflict', '<<<<<<< HEAD']]);
  });

  it('has marks of a merge around a cell', () => {
    const cells = [prose('<<<<<<< HEAD'), code('run: a'), prose('=======\nTheirs.\n>>>>>>> branch')];
    assert.deepEqual(problems(cells), [[0, 'notebook/merge-conflict', '<<<<<<< HEAD']]);
    const within = [prose('A.'), code('run: a\n<<<<<<< HEAD'), prose('=======\n>>>>>>> branch')];
    assert.deepEqual(problems(within), [[1, 'notebook/merge-conflict', '<<<<<<< HEAD']]);
  });

  it('leaves marks within cells to the language server, and a line of `=` to prose', () => {
    const marks = '<<<<<<< HEAD\nrun: a\n=======\nrun: b\n>>>>>>> branch';
    assert.deepEqual(problems([prose('Title\n======='), code(marks)]), []);
  });

  it('has a last cell that is never closed, until that is changed', () => {
    const cells = shown('# A\n\n```yaml tune\nrun: a\nmodel: b\n');
    assert.deepEqual(problems(cells), [[1, 'notebook/unclosed-fence', 'run: a']]);
    assert.deepEqual(problems([cells[0]!, { ...cells[1]!, text: 'run: b' }]), []);
    assert.deepEqual(problems([...cells, prose('More.')]), []);
  });

  it('has a fence in prose that would swallow the cells below, in the file or once it is saved', () => {
    assert.deepEqual(problems(shown(`A.\n\n\`\`\`\`python\nx = 1\n\n${CELL}`)), [
      [0, 'notebook/unclosed-fence', '````python'],
    ]);
    assert.deepEqual(problems([prose('A.\n\n~~~\nx'), code('run: a')]), [
      [0, 'notebook/unclosed-fence', '~~~'],
    ]);
    assert.deepEqual(problems([code('run: a'), prose('A.\n\n~~~\nx')]), []);
    assert.deepEqual(problems([prose('A.\n\n~~~\nx\n~~~'), code('run: a')]), []);
  });
});
