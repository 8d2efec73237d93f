import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import {
  CancellationTokenSource,
  FileChangeType,
  LSPErrorCodes,
  ResponseError,
  type Location,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { Client, uri } from './support/client.ts';
import { Folder } from './support/folder.ts';

const DATASET = 'dataset: intents\nfiles: { train: a.csv, test: b.csv }\nformat: classification\n';

describe('a conversation with the language server', () => {
  let folder: Folder;
  let client: Client;

  beforeEach(() => (folder = new Folder()));
  afterEach(() => {
    client.kill();
    folder.remove();
  });

  it('goes from opening a file to shutting down', async () => {
    const path = folder.at('a.tune.yaml');
    const other = folder.write('sub/b.tune.yaml', 'evaluate: e\ndata: ../a.tune.yaml#intents.test\n');
    client = await Client.start({ folders: [folder.path] });
    await client.open(
      path,
      `${DATASET}---\nmodel: {base:   ./base}\nrun: full\ndata: { train: intents.trian }\n`,
    );
    await client.codes(path, [
      'tune/missing-file',
      'tune/missing-file',
      'tune/missing-model',
      'tune/unknown-reference',
    ]);
    await client.replace(path, 'trian', '');
    const offered = await client.complete(path, 'data: { train: intents.');
    assert.deepEqual(
      offered.map(({ label }) => label),
      ['intents.train', 'intents.test'],
    );
    await client.replace(path, 'intents. }', 'intents.train }');

    const prepared = await client.askBehind('textDocument/prepareRename', path, 'train: inten');
    assert.deepEqual(prepared, {
      range: { start: { line: 6, character: 15 }, end: { line: 6, character: 22 } },
      placeholder: 'intents',
    });
    const renamed = await client.askBehind<WorkspaceEdit>('textDocument/rename', path, 'dataset: int', {
      newName: 'banking',
    });
    assert.deepEqual(Object.keys(renamed.changes ?? {}).sort(), [uri(path), uri(other)].sort());
    await client.edit(path, renamed.changes?.[uri(path)] ?? []);

    const edits = await client.ask<TextEdit[]>('textDocument/formatting', path, {
      options: { tabSize: 2, insertSpaces: true },
    });
    await client.edit(path, edits);
    assert.equal(
      client.text(path),
      `${DATASET.replace('intents', 'banking')}---\nrun: full\nmodel: { base: ./base }\ndata: { train: banking.train }\n`,
    );
    assert.deepEqual(client.log, []);
    assert.equal(await client.stop(), 0);
  });

  it('says why a rename is refused', async () => {
    const path = folder.at('a.tune.yaml');
    client = await Client.start();
    await client.open(path, 'run: a\nmodel: { base: x }\n---\nrun: b\n');
    await assert.rejects(
      client.askBehind('textDocument/rename', path, 'run: a', { newName: 'b' }),
      (error) => {
        assert.ok(error instanceof ResponseError);
        assert.equal(error.code, LSPErrorCodes.RequestFailed);
        assert.match(error.message, /There is a `run: b` already/);
        return true;
      },
    );
    assert.equal(await client.askBehind('textDocument/prepareRename', path, 'mod'), null);
  });

  it('finds references in two folders, and in files that appear and vanish', async () => {
    const second = new Folder();
    try {
      const path = folder.at('a.tune.yaml');
      const inSecond = second.write(
        'deep/er/b.tune.yaml',
        `run: c\nextends: ${folder.at('a.tune.yaml')}#a\n`,
      );
      folder.write('node_modules/x/c.tune.yaml', `run: d\nextends: ../../a.tune.yaml#a\n`);
      client = await Client.start({ folders: [folder.path, second.path] });
      await client.until('watchers', () => (client.watched.length > 0 ? true : undefined));
      await client.open(path, 'run: a\n');
      const references = async () => {
        const found = await client.askBehind<Location[]>('textDocument/references', path, 'run: a', {
          context: { includeDeclaration: false },
        });
        return found.map((each) => each.uri);
      };
      assert.deepEqual(await references(), [uri(inSecond)]);
      const added = folder.write('z/y.tune.yaml', 'run: e\nextends: ../a.tune.yaml#a\n');
      await client.fileChanged(added, FileChangeType.Created);
      assert.deepEqual((await references()).sort(), [uri(added), uri(inSecond)].sort());
      rmSync(inSecond);
      await client.fileChanged(inSecond, FileChangeType.Deleted);
      folder.write('z/y.tune.yaml', 'run: e\nextends: ../a.tune.yaml#other\n');
      await client.fileChanged(added);
      assert.deepEqual(await references(), []);
      assert.deepEqual(client.log, []);
    } finally {
      second.remove();
    }
  });

  it('goes on after a request that was cancelled', async () => {
    for (let each = 0; each < 200; each++) folder.write(`${each}.tune.yaml`, `run: r${each}\nextends: a\n`);
    const path = folder.at('a.tune.yaml');
    client = await Client.start({ folders: [folder.path] });
    await client.open(path, 'run: a\n');
    const cancellation = new CancellationTokenSource();
    const params = { textDocument: { uri: uri(path) }, position: { line: 0, character: 5 } };
    const more = { context: { includeDeclaration: true } };
    const answer = client.connection.sendRequest(
      'textDocument/references',
      { ...params, ...more },
      cancellation.token,
    );
    cancellation.cancel();
    await assert.rejects(answer, { code: LSPErrorCodes.RequestCancelled });
    const found = await client.connection.sendRequest<Location[]>('textDocument/references', {
      ...params,
      ...more,
    });
    assert.equal(found.length, 201);
  });

  it('leaves files on disk alone', async () => {
    const path = folder.write('a.tune.yaml', 'run:   a\n');
    client = await Client.start({ folders: [folder.path] });
    await client.open(path, 'run:    b\n');
    await client.ask('textDocument/formatting', path, { options: { tabSize: 2, insertSpaces: true } });
    assert.equal(readFileSync(path, 'utf8'), 'run:   a\n');
  });
});
