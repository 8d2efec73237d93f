import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import {
  CancellationTokenSource,
  createProtocolConnection,
  IPCMessageReader,
  IPCMessageWriter,
  LSPErrorCodes,
  ResponseError,
  type InitializeResult,
} from 'vscode-languageserver/node';
import { ROOT } from './support/build.ts';
import { Client, TRAINER, uri } from './support/client.ts';
import { Folder } from './support/folder.ts';

describe('requests to the language server', () => {
  let client: Client;
  let folder: Folder;
  let path: string;

  beforeEach(async () => {
    folder = new Folder();
    path = folder.at('a.tune.yaml');
    client = await Client.start({ trainer: TRAINER });
  });

  afterEach(() => {
    client.kill();
    folder.remove();
  });

  it('are cancelled while the trainer is still reading', async () => {
    folder.write('train.csv', `text,label\n${'some text of a row,x\n'.repeat(400_000)}`);
    await client.open(path, 'dataset: a\nfiles: { train: train.csv }\nformat: classification\n');
    const cancellation = new CancellationTokenSource();
    const answer = client.connection.sendRequest(
      'textDocument/hover',
      { textDocument: { uri: uri(path) }, position: { line: 1, character: 18 } },
      cancellation.token,
    );
    setTimeout(() => cancellation.cancel(), 50);
    await assert.rejects(answer, (error) => {
      assert.ok(error instanceof ResponseError);
      assert.equal(error.code, LSPErrorCodes.RequestCancelled);
      return true;
    });
    // The server is as quick as before.
    assert.match((await client.hover(path, 'form'))?.value ?? '', /What a row is/);
  });

  it('do not wait for a trainer that reads for long', async () => {
    folder.write('train.csv', 'text,label\nsome text of a row,x\n');
    // It reads on and on.
    const trainer = folder.write('reads.js', 'process.stdin.resume();\n');
    const patient = await Client.start({ trainer });
    try {
      await patient.open(path, 'dataset: a\nfiles: { train: train.csv }\nformat: classification\n');
      const hover = await patient.hover(path, 'train.c');
      assert.match(hover?.value ?? '', /not known yet/);
    } finally {
      patient.kill();
    }
  });

  it('are answered in texts that are broken in any way', async () => {
    const whole = 'run: a\nmodel: { base: "./b", task: fill-mask }\ntrain:\n  seed: 1\n---\nevaluate: e\n';
    for (let cut = 0; cut <= whole.length; cut += 3) {
      const text = `${whole.slice(0, cut)}{[": \t- ${whole.slice(cut + 2)}`;
      await client.open(path, text);
      await client.complete(path, whole.slice(0, cut));
      await client.hover(path, whole.slice(0, cut));
      await client.definition(path, whole.slice(0, cut));
      await client.diagnostics(path);
      await client.close(path);
    }
    assert.deepEqual(client.log, []);
  });

  it('are answered at once in a text of 48 MB, which is too large to be read, and as ever when it has shrunk', async () => {
    const text = '# one\n# two\nrun: a\n'.repeat(2_500_000);
    await client.open(path, text);
    const [found] = await client.diagnostics(path, ({ length }) => length > 0);
    const wanted =
      'This file has 47500000 characters; a config has at most 1000000. Data belongs into files that `dataset:` names.';
    assert.equal(found?.message, wanted);
    assert.deepEqual(await client.complete(path, '# one\n'), []);
    assert.equal(await client.hover(path, '# one\n# two\nru'), undefined);
    assert.deepEqual(await client.ask('textDocument/foldingRange', path), []);
    await client.replace(path, text, 'run: a\ntrain: { sed: 1 }\n');
    await client.codes(path, ['tune/settings-only', 'tune/unknown-field']);
    assert.deepEqual(client.log, []);
  });

  it('about texts that are not open are answered with nothing', async () => {
    const position = { line: 0, character: 0 };
    const textDocument = { uri: uri(path) };
    assert.deepEqual(
      await client.connection.sendRequest('textDocument/completion', { textDocument, position }),
      [],
    );
    assert.equal(await client.connection.sendRequest('textDocument/hover', { textDocument, position }), null);
  });

  it('work in a text that was never saved', async () => {
    const textDocument = {
      uri: 'untitled:Untitled-1',
      languageId: 'tune',
      version: 1,
      text: 'run: a\ntrain: { sed: 1 }\n',
    };
    await client.connection.sendNotification('textDocument/didOpen', { textDocument });
    const found = await client.until('problems', () =>
      client.published.find((each) => each.uri === textDocument.uri && each.diagnostics.length > 0),
    );
    assert.ok(found.diagnostics.some(({ code }) => code === 'tune/unknown-field'));
  });

  it('show no problems on the old side of a comparison', async () => {
    const old = `git:${path}?ref=HEAD`;
    const textDocument = { uri: old, languageId: 'tune', version: 1, text: 'run: a\ntrain: { sed: 1 }\n' };
    await client.connection.sendNotification('textDocument/didOpen', { textDocument });
    await client.open(path, 'run: b\ntrain: { sed: 1 }\n');
    await client.diagnostics(path, ({ length }) => length > 0);
    assert.ok(client.published.every((each) => each.uri === uri(path)));
  });
});

describe('the transport that VS Code uses', () => {
  it('carries the protocol as messages between processes', async () => {
    const child = fork(join(ROOT, 'dist/server.js'), ['--node-ipc'], { stdio: 'ignore' });
    const connection = createProtocolConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
    try {
      connection.listen();
      const answer: InitializeResult = await connection.sendRequest('initialize', {
        processId: process.pid,
        rootUri: null,
        capabilities: {},
      });
      assert.equal(answer.capabilities.hoverProvider, true);
      const closed = once(child, 'exit');
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      assert.deepEqual(await closed, [0, null]);
    } finally {
      child.kill('SIGKILL');
      connection.dispose();
    }
  });
});
