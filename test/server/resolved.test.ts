import assert from 'node:assert/strict';
import type { CodeAction } from 'vscode-languageserver/node';
import {
  PLANNED_NOTIFICATION,
  RESOLVED_REQUEST,
  type ResolvedResult,
} from '../../src/protocol/language-server.ts';
import { Client, uri } from './support/client.ts';
import { Folder } from './support/folder.ts';

describe('the resolved view and refactorings over the wire', () => {
  let folder: Folder;
  let client: Client;
  let path: string;

  beforeEach(async () => {
    folder = new Folder();
    path = folder.at('a.tune.yaml');
    folder.write('b.tune.yaml', 'run: base\ntrain: { seed: 9 }\n');
    client = await Client.start();
  });
  afterEach(() => {
    assert.deepEqual(client.log, []);
    client.kill();
    folder.remove();
  });

  const resolved = async () =>
    (await client.connection.sendRequest<ResolvedResult>(RESOLVED_REQUEST, { uri: uri(path) })).text ?? '';

  it('follow an edit', async () => {
    assert.equal(await resolved(), '');
    await client.open(path, 'run: a\nextends: b.tune.yaml#base\n');
    assert.match(await resolved(), /^run: a\n[^]*\n {2}seed: 9 # from b.tune.yaml#base\n/);
    await client.replace(path, 'base\n', 'base\ntrain: { seed: 3 }\n');
    assert.match(await resolved(), /\n {2}seed: 3\n/);
  });

  it('are offered where the cursor is, and do what they say', async () => {
    await client.open(path, 'run: a\ntrain: { seed: 4 }\n');
    const position = { line: 1, character: 10 };
    const ask = (only: string[]) =>
      client.ask<CodeAction[]>('textDocument/codeAction', path, {
        range: { start: position, end: position },
        context: { diagnostics: [], only },
      });
    assert.deepEqual(
      (await ask(['refactor'])).map(({ title }) => title),
      ['Make a sweep of seed', 'Extract train into defaults that other documents can extend'],
    );
    assert.deepEqual(await ask(['source']), []);
    const [extract] = await ask(['refactor.extract']);
    await client.take(path, extract);
    assert.equal(
      client.text(path),
      'run: a\nextends: a-defaults\n---\nrun: a-defaults\ntrain: { seed: 4 }\n',
    );
  });

  it('takes a plan of a run that is gone without complaint', async () => {
    await client.open(path, 'run: a\n');
    await client.connection.sendNotification(PLANNED_NOTIFICATION, {
      uri: uri(path),
      name: 'gone',
      plan: {},
    });
    assert.match(await resolved(), /^run: a\n/);
  });
});
