import assert from 'node:assert/strict';
import type {
  Diagnostic,
  DocumentSymbol,
  Hover,
  InlayHint,
  Location,
  SemanticTokens,
  WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { CellStatus } from '../../src/protocol/notebook.ts';
import { Client, uri } from './support/client.ts';
import { Folder } from './support/folder.ts';

const DATASET = 'dataset: intents\nfiles: { train: train.csv, test: test.csv }\nformat: classification';
const RUN = 'run: a\nmodel: { base: ./base }\ndata: { train: intents.train }';

describe('the language server and notebooks', () => {
  let client: Client;
  let folder: Folder;
  let notebook: string;

  beforeEach(async () => {
    folder = new Folder();
    folder.write('train.csv', 'text,label\na,x\nb,y\n');
    folder.write('test.csv', 'text,label\nc,x\n');
    for (const name of ['config.json', 'tokenizer.json', 'model.safetensors'])
      folder.write(`base/${name}`, '{}');
    notebook = folder.at('a.tunebook.md');
    client = await Client.start({ folders: [folder.path] });
  });

  afterEach(() => {
    client.kill();
    folder.remove();
  });

  const cellUri = (index: number) => `vscode-notebook-cell:${encodeURI(notebook)}#c${index}`;
  const open = (...texts: string[]) =>
    client.connection.sendNotification('notebookDocument/didOpen', {
      notebookDocument: {
        uri: uri(notebook),
        notebookType: 'tunebook',
        version: 1,
        cells: texts.map((_, index) => ({ kind: 2, document: cellUri(index) })),
      },
      cellTextDocuments: texts.map((text, index) => ({
        uri: cellUri(index),
        languageId: 'tune',
        version: 1,
        text,
      })),
    });
  const change = (version: number, cells: object) =>
    client.connection.sendNotification('notebookDocument/didChange', {
      notebookDocument: { uri: uri(notebook), version },
      change: { cells },
    });
  const codes = (index: number, expected: string[]) =>
    client.until(`problems ${expected.join()} of cell ${index}`, () => {
      const latest = client.published.findLast((each) => each.uri === cellUri(index))?.diagnostics;
      const found = latest?.map(
        ({ code, range }: Diagnostic) => `${range.start.line}:${range.start.character} ${code ?? ''}`,
      );
      return found && found.join() === expected.join() ? true : undefined;
    });
  const ask = <Result>(method: string, index: number, more: object = {}): Promise<Result> =>
    client.connection.sendRequest(method, { textDocument: { uri: cellUri(index) }, ...more });

  it('puts hints at the lines of the cell that was asked about, and those of no other', async () => {
    const run = `${RUN}\ntrain:\n  max_steps: 7\n  per_device_train_batch_size: 4\n  gradient_accumulation_steps: 3`;
    await open(DATASET, run);
    const range = { start: { line: 0, character: 0 }, end: { line: 6, character: 0 } };
    const hints = await ask<InlayHint[]>('textDocument/inlayHint', 1, { range });
    assert.deepEqual(
      hints.map(({ position }) => position),
      [{ line: 0, character: 6 }],
    );
  });

  it('tells mistakes in the cell that holds them, and takes them back', async () => {
    await open(DATASET, `${RUN}\nbogus: 1`, 'evaluate: e\ndata: intents.tset\ncandidates: { a: { run: a } }');
    await codes(0, []);
    await codes(1, ['3:0 tune/unknown-field']);
    await codes(2, ['1:6 tune/unknown-reference']);
    const range = { start: { line: 3, character: 0 }, end: { line: 3, character: 8 } };
    await change(2, {
      textContent: [{ document: { uri: cellUri(1), version: 2 }, changes: [{ range, text: '' }] }],
    });
    await codes(1, []);
    await change(3, { structure: { array: { start: 2, deleteCount: 1 }, didClose: [{ uri: cellUri(2) }] } });
    await codes(2, []);
  });

  it('says nothing of cells whose problems are the same as before', async () => {
    const wrong = 'evaluate: e\ndata: intents.tset\ncandidates: { a: { run: a } }';
    await open(DATASET, `${RUN}\nbogus: 1`, wrong);
    await codes(1, ['3:0 tune/unknown-field']);
    await codes(2, ['1:6 tune/unknown-reference']);
    const before = client.published.length;
    const range = { start: { line: 1, character: 6 }, end: { line: 1, character: 18 } };
    await change(2, {
      textContent: [
        { document: { uri: cellUri(2), version: 2 }, changes: [{ range, text: 'intents.test' }] },
      ],
    });
    await codes(2, []);
    assert.deepEqual([...new Set(client.published.slice(before).map((each) => each.uri))], [cellUri(2)]);
  });

  it('sees a cell that is put in front of another, and the places below it move', async () => {
    await open(`${RUN}\nbogus: 1`);
    await codes(0, ['2:15 tune/unknown-reference', '3:0 tune/unknown-field']);
    await change(2, {
      structure: {
        array: { start: 0, deleteCount: 0, cells: [{ kind: 2, document: cellUri(7) }] },
        didOpen: [{ uri: cellUri(7), languageId: 'tune', version: 1, text: DATASET }],
      },
    });
    await codes(0, ['3:0 tune/unknown-field']);
    await codes(7, []);
  });

  it('completes, explains and finds across cells', async () => {
    await open(DATASET, RUN, 'evaluate: e\ndata: \ncandidates: { a: { run: a } }');
    const position = { line: 1, character: 6 };
    const items = await ask<{ label: string; textEdit: { range: { start: object } } }[]>(
      'textDocument/completion',
      2,
      { position },
    );
    const test = items.find(({ label }) => label === 'intents.test');
    assert.deepEqual(test?.textEdit.range.start, position);
    const at = { position: { line: 2, character: 18 } };
    const hover = await ask<Hover>('textDocument/hover', 1, at);
    assert.deepEqual(hover.range?.start.line, 2);
    const definition = await ask<Location>('textDocument/definition', 1, at);
    assert.equal(definition.uri, cellUri(0));
    assert.equal(definition.range.start.line, 1);
  });

  it('renames in all cells, in configs, and in notebooks that are closed', async () => {
    const closed = folder.write(
      'other.tunebook.md',
      '# B\n\n```yaml tune\nevaluate: e\ndata: a.tunebook.md#intents.test\n```\n',
    );
    await open(DATASET, RUN);
    const position = { line: 0, character: 12 };
    const edit = await ask<WorkspaceEdit>('textDocument/rename', 0, { position, newName: 'wishes' });
    const lines = Object.entries(edit.changes ?? {}).map(([each, edits]) => [
      each,
      edits.map(({ range }) => range.start.line),
    ]);
    assert.deepEqual(Object.fromEntries(lines), { [cellUri(0)]: [0], [cellUri(1)]: [2], [uri(closed)]: [4] });
  });

  it('tells colours, outline and layout of the cell that is asked about', async () => {
    await open(DATASET, 'run:   a\nmodel: {base: ./base}\ndata: { train: intents.train }\n');
    const { data } = await ask<SemanticTokens>('textDocument/semanticTokens/full', 1);
    assert.ok(data.length >= 5 && data[0] === 0 && data[1] === 0, data.join());
    const symbols = await ask<DocumentSymbol[]>('textDocument/documentSymbol', 1);
    assert.deepEqual(symbols.map(({ name, range }) => [name, range.start.line]), [['a', 0]]); // prettier-ignore
    const edits = await ask<{ newText: string; range: { start: { line: number }; end: { line: number } } }[]>(
      'textDocument/formatting',
      1,
      { options: { tabSize: 2, insertSpaces: true } },
    );
    assert.ok(edits.length > 0 && edits.every(({ range }) => range.end.line <= 4), JSON.stringify(edits));
    assert.equal(
      edits.map(({ newText }) => newText).join(''),
      'run: a\nmodel: { base: ./base }\ndata: { train: intents.train }',
    );
  });

  it('says how the cells stand', async () => {
    await open(DATASET, RUN, 'run: [');
    const results = [{ runs: [], inputs: 'other' }, null, null];
    const statuses = await client.connection.sendRequest<CellStatus[]>('tunebook/cellStatus', {
      uri: uri(notebook),
      results,
    });
    assert.deepEqual(statuses.map(({ state }) => state), ['stale', 'empty', 'broken']); // prettier-ignore
    assert.deepEqual(statuses[1]?.documents, [{ kind: 'run', name: 'a' }]);
    const fresh = [{ runs: [], inputs: statuses[0]?.inputs }, null, null];
    const again = await client.connection.sendRequest<CellStatus[]>('tunebook/cellStatus', {
      uri: uri(notebook),
      results: fresh,
    });
    assert.equal(again[0]?.state, 'fresh');
  });

  it('helps in a notebook that is open as Markdown, in its fences alone', async () => {
    const text = `# A\n\nrun: prose\n\n\`\`\`yaml tune\n${RUN}\nbogus: 1\n\`\`\`\n`;
    const textDocument = { uri: uri(notebook), languageId: 'markdown', version: 1, text };
    await client.connection.sendNotification('textDocument/didOpen', { textDocument });
    const found = await client.until('problems', () =>
      client.published.findLast((each) => each.uri === uri(notebook) && each.diagnostics.length > 0),
    );
    assert.deepEqual(
      found.diagnostics.map(({ code, range }) => `${range.start.line} ${code ?? ''}`),
      ['7 tune/unknown-reference', '8 tune/unknown-field'],
    );
  });

  it('gives the file back when the notebook is closed', async () => {
    await open(`${RUN}\nbogus: 1`);
    await codes(0, ['2:15 tune/unknown-reference', '3:0 tune/unknown-field']);
    await client.connection.sendNotification('notebookDocument/didClose', {
      notebookDocument: { uri: uri(notebook) },
      cellTextDocuments: [{ uri: cellUri(0) }],
    });
    await codes(0, []);
  });
});
