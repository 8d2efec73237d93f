import assert from 'node:assert/strict';
import type {
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  SelectionRange,
  SemanticTokens,
  WorkspaceSymbol,
} from 'vscode-languageserver/node';
import { Client, uri } from './support/client.ts';
import { Folder } from './support/folder.ts';

describe('the shape of a file over the wire', () => {
  let folder: Folder;
  let client: Client;
  let path: string;
  const text = 'dataset: intents\nfiles:\n  train: a.csv\nformat: text\n';

  beforeEach(async () => {
    folder = new Folder();
    path = folder.at('a.tune.yaml');
    folder.write('a.csv', 'text\nx\n');
    folder.write('sub/b.tune.yaml', 'run: other\n---\nrun: again\n');
    client = await Client.start({ folders: [folder.path] });
    await client.open(path, text);
  });
  afterEach(() => {
    assert.deepEqual(client.log, []);
    client.kill();
    folder.remove();
  });

  it('has symbols, of the file and of the workspace', async () => {
    const symbols = await client.ask<DocumentSymbol[]>('textDocument/documentSymbol', path);
    assert.deepEqual(
      symbols.map(({ name, children }) => [name, children?.map((child) => child.name)]),
      [['intents', ['files', 'format']]],
    );
    const query = async (words: string) => {
      const found = await client.connection.sendRequest<WorkspaceSymbol[]>('workspace/symbol', {
        query: words,
      });
      return found.map(({ name, location }) => `${name} ${location.uri.replace(uri(folder.path), '')}`);
    };
    assert.deepEqual(await query('THE'), ['other /sub/b.tune.yaml']);
    assert.deepEqual(await query('intents'), []);
    folder.write('a.tune.yaml', '');
    assert.equal((await query('')).length, 2);
  });

  it('has folds, growing selections and links', async () => {
    const folds = await client.ask<FoldingRange[]>('textDocument/foldingRange', path);
    assert.deepEqual(folds, [
      { startLine: 0, endLine: 3 },
      { startLine: 1, endLine: 2 },
    ]);
    const [selection] = await client.ask<SelectionRange[]>('textDocument/selectionRange', path, {
      positions: [{ line: 2, character: 11 }],
    });
    assert.deepEqual(selection?.range, { start: { line: 2, character: 9 }, end: { line: 2, character: 14 } });
    assert.deepEqual(selection?.parent?.range.start, { line: 2, character: 2 });
    const links = await client.ask<DocumentLink[]>('textDocument/documentLink', path);
    assert.deepEqual(
      links.map(({ target }) => target),
      [uri(folder.at('a.csv'))],
    );
  });

  it('has meaningful tokens', async () => {
    const { data } = await client.ask<SemanticTokens>('textDocument/semanticTokens/full', path);
    const { tokenTypes } = client.capabilities.semanticTokensProvider?.legend ?? { tokenTypes: [] };
    const types = Array.from(
      { length: data.length / 5 },
      (_, index) => tokenTypes[data[5 * index + 3] ?? -1],
    );
    assert.deepEqual(types, ['keyword', 'class', 'property', 'variable', 'property', 'enumMember']);
    assert.deepEqual(data.slice(0, 10), [0, 0, 7, 0, 0, 0, 9, 7, 1, 1]);
  });
});
