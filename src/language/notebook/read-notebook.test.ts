import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readNotebook } from './read-notebook.ts';
import { markdownText } from './testing/markdown-text.ts';
import { clearOutput, outputText, writeOutput } from './write-output.ts';

const CELL = '```yaml tune\nrun: a\n```\n';
const RESULT = {
  markdown: '| a |\n| --- |\n| 1 |',
  attributes: { runs: ['r1'], inputs: 'abc', seconds: 2.5 },
};

/** Codes and the texts that they point at. */
function problems(text: string): [string, string][] {
  return readNotebook(text).problems.map(({ code, start, end }) => [code, text.slice(start, end)]);
}

function apply(text: string, edit: { start: number; end: number; newText: string }): string {
  return text.slice(0, edit.start) + edit.newText + text.slice(edit.end);
}

describe('readNotebook', () => {
  it('finds cells and the result of each', () => {
    const output = outputText(RESULT, '\n');
    const text = `# A\n\n${CELL}\n${output}\n\nprose\n\n${CELL.replace('a', 'b')}`;
    const { cells, problems: none } = readNotebook(text);
    assert.deepEqual(none, []);
    const [first, second] = cells;
    assert.equal(text.slice(first?.content.start, first?.content.end), 'run: a\n');
    assert.equal(text.slice(first?.output?.start, first?.output?.end), `${output}\n`);
    assert.deepEqual(first?.output?.attributes.runs, ['r1']);
    assert.deepEqual([first?.output?.attributes.inputs, first?.output?.attributes.seconds], ['abc', 2.5]);
    assert.equal(second?.output, undefined);
  });

  it('counts no fence in a result as a cell', () => {
    const text = `${CELL}\n${outputText({ ...RESULT, markdown: CELL }, '\n')}\n`;
    assert.equal(readNotebook(text).cells.length, 1);
  });

  it('says that a fence is not closed, and closes it', () => {
    const text = `text\n\n\`\`\`yaml tune\nrun: a\n`;
    const [problem] = readNotebook(text).problems;
    assert.deepEqual(problems(text), [['notebook/unclosed-fence', '```yaml tune']]);
    const edit = problem?.fix?.edits[0];
    assert.ok(edit);
    assert.deepEqual(problems(apply(text, edit)), []);
  });

  it('says which fence swallows the cells below it', () => {
    const text = `\`\`\`python\nx = 1\n\n${CELL}`;
    assert.deepEqual(problems(text), []); // The closing fence of the cell closes it.
    assert.deepEqual(problems(`\`\`\`\`python\nx = 1\n\n${CELL}`), [
      ['notebook/unclosed-fence', '````python'],
    ]);
    assert.deepEqual(problems('```python\nx = 1\n'), []);
  });

  it('says that a fence in a list, in a quotation, or indented is no cell', () => {
    assert.deepEqual(problems(`- a\n\n  ${CELL.replaceAll('\n', '\n  ')}`), [
      ['notebook/not-a-cell', '```yaml tune'],
    ]);
    assert.deepEqual(problems('> ```yaml tune\n> ```\n'), [['notebook/not-a-cell', '> ```yaml tune']]);
    assert.deepEqual(problems(` ${CELL}`), [['notebook/not-a-cell', '```yaml tune']]);
    assert.equal(readNotebook(` ${CELL}`).cells.length, 0);
  });

  it('says that a mark of a result lacks its other one, and takes nothing for a result then', () => {
    const begun = `${CELL}\n<!-- tunebook:output run=x -->\n\nprose of a person\n`;
    assert.deepEqual(problems(begun), [['notebook/output-mark', '<!-- tunebook:output run=x -->']]);
    assert.equal(readNotebook(begun).cells[0]?.output, undefined);
    assert.deepEqual(problems(`${CELL}\n<!-- /tunebook:output -->\n`), [
      ['notebook/output-mark', '<!-- /tunebook:output -->'],
    ]);
    assert.deepEqual(
      problems(`${CELL}\n<!-- tunebook:output run=x what? -->\n`)[0]?.[0],
      'notebook/output-mark',
    );
  });

  it('says that a result stands below no cell', () => {
    const output = outputText(RESULT, '\n');
    const mark = output.split('\n')[0] ?? '';
    assert.deepEqual(problems(`${CELL}\nprose\n\n${output}\n`), [['notebook/output-place', mark]]);
    assert.deepEqual(problems(`${CELL}\n${output}\n\n${output}\n`), [['notebook/output-place', mark]]);
  });

  it('sees that a person changed a result, whatever the line ends', () => {
    const text = `${CELL}\n${outputText(RESULT, '\n')}\n`;
    assert.deepEqual(problems(text.replaceAll('\n', '\r\n')), []);
    const [code, at] = problems(text.replace('| 1 |', '| 2 |'))[0] ?? [];
    assert.equal(code, 'notebook/output-edited');
    assert.match(at ?? '', /^<!-- tunebook:output run=r1/);
  });

  it('finds the marks of a merge that failed, and takes no heading for one', () => {
    const conflict = '<<<<<<< HEAD\nrun: a\n=======\nrun: b\n>>>>>>> other\n';
    assert.deepEqual(problems(`\`\`\`yaml tune\n${conflict}\`\`\`\n`), [
      ['notebook/merge-conflict', '<<<<<<< HEAD'],
    ]);
    assert.deepEqual(problems('Title\n=======\n\n<<<<<<< HEAD\n'), []);
  });
});

describe('writeOutput', () => {
  const markdown = fc.constantFrom('one', '| a |\n| --- |\n| b |', '![loss](a.svg)\n\ntext');

  it('changes the result of its cell alone, in any Markdown, and the result can be read back', () => {
    fc.assert(
      fc.property(markdownText, markdown, fc.nat(5), (text, words, pick) => {
        const { cells } = readNotebook(text);
        const closed = cells.filter(({ closed: each }) => each);
        const cell = closed[pick % Math.max(1, closed.length)];
        if (!cell) return;
        const edit = writeOutput(text, cell, { ...RESULT, markdown: words });
        assert.ok(
          edit.start === (cell.output?.start ?? cell.end) && edit.end === (cell.output?.end ?? cell.end),
        );
        const after = apply(text, edit);
        const again = readNotebook(after).cells[cell.index];
        assert.ok(again?.output, JSON.stringify(after));
        assert.equal(after.slice(0, cell.end), text.slice(0, cell.end));
        assert.equal(again.output.edited, false);
        assert.deepEqual(again.output.attributes.runs, ['r1']);
        assert.ok(after.endsWith(text.slice(edit.end)));
        const cleared = clearOutput(again);
        assert.ok(cleared);
        assert.equal(readNotebook(apply(after, cleared)).cells[cell.index]?.output, undefined);
      }),
      { numRuns: 6000 },
    );
  });

  it('writes the same again where nothing changed', () => {
    const text = `a\r\n\r\n${CELL.replaceAll('\n', '\r\n')}b\r\n`;
    const write = (of: string) => {
      const [cell] = readNotebook(of).cells;
      assert.ok(cell);
      return apply(of, writeOutput(of, cell, RESULT));
    };
    const once = write(text);
    assert.equal(write(once), once);
    assert.ok(!/[^\r]\n/.test(once));
  });
});
