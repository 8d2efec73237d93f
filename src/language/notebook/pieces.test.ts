import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { joinCells, type EditorCell } from './join-cells.ts';
import { joinPieces, readPieces } from './pieces.ts';
import { markdownText } from './testing/markdown-text.ts';

/** What an editor makes of a file that nobody touches: every line end the same. */
function untouched(text: string, newline = '\n'): EditorCell[] {
  return readPieces(text).pieces.map((source) => ({
    kind: source.kind,
    text: source.text.replace(/\r\n|\r|\n/g, newline),
    source,
  }));
}

/** Every Markdown file of the repository. */
function realFiles(): string[] {
  const root = new URL('../../../', import.meta.url);
  return ['', 'docs/', 'examples/editor-commands/', 'node_modules/']
    .flatMap((folder) =>
      readdirSync(new URL(folder, root), { recursive: folder === 'node_modules/' }).map(
        (name) => `${folder}${String(name)}`,
      ),
    )
    .filter((name) => name.endsWith('.md'))
    .map((name) => readFileSync(new URL(name, root), 'utf8'));
}

describe('pieces of a Markdown file', () => {
  it('give back every character of any Markdown', () => {
    fc.assert(
      fc.property(markdownText, (text) => assert.equal(joinPieces(readPieces(text)), text)),
      { numRuns: 6000 },
    );
  });

  it('give back every character after an editor that changes nothing but line ends', () => {
    fc.assert(
      fc.property(markdownText, fc.constantFrom('\n', '\r\n'), (text, newline) => {
        assert.equal(joinCells(readPieces(text).head, untouched(text, newline)), text);
      }),
      { numRuns: 4000 },
    );
  });

  it('give back every character of real files', () => {
    const files = realFiles();
    assert.ok(files.length > 100);
    for (const text of files) {
      assert.equal(joinPieces(readPieces(text)), text);
      assert.equal(joinCells(readPieces(text).head, untouched(text)), text);
    }
  });

  it('are prose and cells, without the blank lines between them', () => {
    const text = '# A\n\ntext\n\n```yaml tune\nrun: a\n```\n\nmore  \n\n\n```python\nx\n```\n';
    const { head, pieces } = readPieces(text);
    assert.equal(head, '');
    assert.deepEqual(
      pieces.map((piece) => [piece.kind, piece.text]),
      [
        ['prose', '# A\n\ntext'],
        ['cell', 'run: a'],
        ['prose', 'more  \n\n\n```python\nx\n```'],
      ],
    );
  });
});

describe('joinCells', () => {
  const text = '# A\r\n\r\n```yaml tune\nrun: a\r\nmodel: b\n```\r\n\r\nend';

  it('keeps the line ends of lines that did not change', () => {
    const cells = untouched(text).map((cell) =>
      cell.kind === 'cell' ? { ...cell, text: 'run: a\nmodel: c\nnew: d' } : cell,
    );
    assert.equal(joinCells('', cells), text.replace('model: b\n', 'model: c\r\nnew: d\n'));
  });

  it('adds a cell and prose with blank lines around them', () => {
    const cells: EditorCell[] = [
      ...untouched(text),
      { kind: 'prose', text: 'one\ntwo' },
      { kind: 'cell', text: 'dataset: d' },
    ];
    assert.equal(
      joinCells('', cells),
      `${text}\r\n\r\n<!-- tunebook:cell -->\r\n\r\none\r\ntwo\r\n\r\n\`\`\`yaml tune\r\ndataset: d\r\n\`\`\`\r\n\r\n`,
    );
  });

  it('takes a longer fence where the text of a cell would close it', () => {
    const [cell] = untouched('```yaml tune\nrun: a\n```\n');
    assert.ok(cell);
    const written = joinCells('', [
      { ...cell, text: 'run: |\n```\n````' },
      { kind: 'prose', text: 'x' },
    ]);
    assert.match(written, /^`{5}yaml tune\nrun: \|\n```\n````\n`{5}\n\nx/);
    assert.equal(readPieces(written).pieces.length, 2);
  });

  it('closes a fence that was the last one when something follows it', () => {
    const cells = untouched('```yaml tune\nrun: a');
    const written = joinCells('', [...cells, { kind: 'prose', text: 'x' }]);
    assert.equal(written, '```yaml tune\nrun: a\n```\n\nx\n\n');
  });

  it('changes, adds and takes away results alone', () => {
    const file = 'a\n\n```yaml tune\nrun: a\n```\n\nb\n';
    const put = (of: string, output: string) =>
      joinCells('', untouched(of).map((cell) => (cell.kind === 'cell' ? { ...cell, output } : cell))); // prettier-ignore
    const mark = (body: string) => `<!-- tunebook:output -->\n\n${body}\n\n<!-- /tunebook:output -->`;
    const once = put(file, mark('1'));
    assert.equal(once, `a\n\n\`\`\`yaml tune\nrun: a\n\`\`\`\n\n${mark('1')}\n\nb\n`);
    assert.equal(put(once, mark('2')), once.replace('1', '2'));
    assert.equal(put(once, ''), file);
  });

  it('keeps two pieces of prose apart that were moved together', () => {
    const [a, , b] = untouched('one\n```yaml tune\nrun: a\n```\ntwo\n');
    assert.ok(a && b);
    const written = joinCells('', [a, b]);
    assert.equal(written, 'one\n\n<!-- tunebook:cell -->\n\ntwo\n');
    assert.deepEqual(
      readPieces(written).pieces.map(({ text: words }) => words),
      ['one', 'two'],
    );
    assert.equal(joinCells('', untouched(written)), written);
  });

  it('reads cells of prose back as they were, however many and whatever is in them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', '# c', '- d\n- e', '> f', '| g |\n| - |'), { maxLength: 5 }),
        (words) => {
          const written = joinCells(
            '',
            words.map((each) => ({ kind: 'prose' as const, text: each })),
          );
          const { pieces } = readPieces(written);
          assert.deepEqual(pieces.map((piece) => piece.text), words); // prettier-ignore
          assert.equal(joinCells('', untouched(written)), written);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('keeps a border that a person wrote as it is, also one that parts nothing', () => {
    const border = '<!-- tunebook:cell -->';
    for (const file of [
      `one\n${border}\ntwo\n`,
      `one\r\n\r\n  ${border}\r\ntwo`,
      `${border}\n\none\n\n${border}\n${border}\n\n\`\`\`yaml tune\nrun: a\n\`\`\`\n${border}`,
      `one\n\n${border}`,
    ])
      assert.equal(joinCells(readPieces(file).head, untouched(file)), file);
  });
});
