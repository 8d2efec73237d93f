import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { jupyterNotebook } from './jupyter-notebook.ts';
import { notebookPage } from './notebook-page.ts';

const TEXT = `# A <b>title</b>

<script>alert(1)</script> [x](javascript:alert(1)) ![p](javascript:alert(2))

<!-- a note -->

\`\`\`yaml tune
run: a # "why" <i>
model: { base: base }
\`\`\`

<!-- tunebook:output run=r1 inputs=abc seconds=2.5 checksum=0 -->

**a** finished.

![Loss](a.files/a%20b.svg)

| x |
| --- |
| \\<b\\> |

<!-- /tunebook:output -->

\`\`\`python
print("</code>")
\`\`\`
`;

const picture = { type: 'image/svg+xml', bytes: new TextEncoder().encode('<svg/>') };

describe('notebookPage', () => {
  const asked: string[] = [];
  const html = notebookPage(TEXT, {
    name: 'a.tunebook.md',
    picture: (path) => {
      asked.push(path);
      return path === 'a.files/a b.svg' ? picture : undefined;
    },
  });

  it('runs nothing, whatever the notebook holds', () => {
    assert.doesNotMatch(html, /<script|href="javascript|src="javascript|<b>title/i);
    assert.match(html, /default-src 'none'; style-src 'unsafe-inline'; img-src data:/);
    assert.doesNotMatch(html, /(?:src|href)="(?!data:)/);
  });

  it('holds prose, cells, results and pictures in itself', () => {
    assert.match(html, /<title>A &#60;b&#62;title/);
    assert.match(
      html,
      /<pre class="cell"><code><b>run<\/b>: a <i># &#34;why&#34; &#60;i&#62;<\/i>\n<b>model<\/b>/,
    );
    assert.match(
      html,
      /<section class="output"[\s\S]*<strong>a<\/strong> finished[\s\S]*<td>&lt;b&gt;<\/td>/,
    );
    assert.match(html, /<img alt="Loss" src="data:image\/svg\+xml;base64,PHN2Zy8\+">/);
    assert.match(html, /<footer>r1 · 2\.5 s<\/footer>/);
    assert.doesNotMatch(html, /tunebook:output|a note/);
    assert.ok(asked.includes('a.files/a b.svg'));
  });
});

describe('jupyterNotebook', () => {
  it('holds every piece, with pictures in the results', () => {
    const { cells, nbformat, nbformat_minor: minor } = jupyterNotebook(TEXT, () => 'data:x');
    assert.deepEqual([nbformat, minor], [4, 5]);
    assert.deepEqual(cells.map(({ cell_type: type }) => type), ['markdown', 'code', 'markdown']); // prettier-ignore
    const [, code] = cells;
    assert.ok(code?.cell_type === 'code');
    assert.deepEqual(code.source, ['run: a # "why" <i>\n', 'model: { base: base }']);
    assert.deepEqual(code.metadata.tunebook, { runs: ['r1'], inputs: 'abc' });
    assert.match((code.outputs[0]?.data['text/markdown'] ?? []).join(''), /!\[Loss\]\(data:x\)/);
    assert.equal(new Set(cells.map(({ id }) => id)).size, 3);
  });

  it("is what Jupyter's own reader has accepted", () => {
    const root = new URL('../../../', import.meta.url);
    const read = (path: string) => readFileSync(new URL(path, root));
    const folder = 'examples/editor-commands/';
    const made = jupyterNotebook(
      read(`${folder}experiment.tunebook.md`).toString(),
      (path) => `data:image/svg+xml;base64,${read(folder + path).toString('base64')}`,
    );
    // SAFETY: compared as a whole.
    const accepted = JSON.parse(read('test/fixtures/notebook/experiment.ipynb').toString()) as unknown;
    assert.deepEqual(JSON.parse(JSON.stringify(made)), accepted);
  });
});
