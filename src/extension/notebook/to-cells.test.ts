import assert from 'node:assert/strict';
import fc from 'fast-check';
import { markdownText } from '../../language/notebook/testing/markdown-text.ts';
import { fromCells, toCells } from './to-cells.ts';

const FILE = '# A\r\n\r\n```yaml tune\r\nrun: a\r\n```\r\n\r\nend';
const RESULT = { markdown: '| a |\n| --- |', attributes: { runs: ['r'], inputs: 'x' } };

describe('cells of a notebook in VS Code', () => {
  it('give the file back to the byte, whatever Markdown it is', () => {
    fc.assert(
      fc.property(markdownText, (text) => {
        const { head, cells } = toCells(text);
        // VS Code makes all line ends of a cell the same.
        const shown = cells.map((cell) => ({ ...cell, text: cell.text.replace(/\r\n|\r/g, '\n') }));
        // It also carries metadata as JSON.
        // SAFETY: what was just made, through JSON.
        assert.equal(fromCells(head, JSON.parse(JSON.stringify(shown)) as typeof cells), text);
      }),
      { numRuns: 1000 },
    );
  });

  it('write a new result with the line ends of the file, and read it back', () => {
    const { head, cells } = toCells(FILE);
    const written = fromCells(head, cells.map((cell) => (cell.kind === 'cell' ? { ...cell, result: RESULT } : cell))); // prettier-ignore
    assert.ok(written.startsWith(FILE.slice(0, FILE.indexOf('end'))));
    assert.ok(!/[^\r]\n/.test(written));
    const again = toCells(written);
    const result = again.cells[1]?.result;
    assert.equal(result?.markdown, RESULT.markdown.replaceAll('\n', '\r\n').replaceAll('\r\n', '\n'));
    assert.deepEqual([result.attributes.runs, result.attributes.inputs], [['r'], 'x']);
    const cleared = again.cells.map(({ result: _, ...cell }) => cell);
    assert.equal(fromCells(again.head, cleared), FILE);
  });

  it('keep what is in the file while a run goes on', () => {
    const { head, cells } = toCells(FILE);
    const before = fromCells(head, cells.map((cell) => (cell.kind === 'cell' ? { ...cell, result: RESULT } : cell))); // prettier-ignore
    const open = toCells(before);
    const live = { live: 'r2', markdown: '', attributes: { runs: ['r2'] } };
    const running = open.cells.map((cell) =>
      cell.kind === 'cell' && cell.result ? { ...cell, result: { ...live, before: cell.result } } : cell,
    );
    assert.equal(fromCells(open.head, running), before);
    // One that was made since the file was opened is kept as well.
    const first = cells.map((cell) => (cell.kind === 'cell' ? { ...cell, result: { ...live, before: RESULT } } : cell)); // prettier-ignore
    assert.equal(fromCells(head, first), before);
    const none = cells.map((cell) => (cell.kind === 'cell' ? { ...cell, result: live } : cell));
    assert.equal(fromCells(head, none), FILE);
  });
});
