import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, truncateSync } from 'node:fs';
import {
  CancellationTokenSource,
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import {
  INSPECT,
  type DataFacts,
  type FitFacts,
  type ModelFacts,
  type VocabularyFacts,
} from '../../src/protocol/inspect.ts';
import { TUNEBOOK } from './support/tunebook.ts';
import { manyRows, workspace } from './support/workspace.ts';

describe('tunebook inspect --stdio', () => {
  const space = workspace();
  let child: ChildProcess;
  let connection: MessageConnection;
  let stderr: string;

  beforeEach(() => {
    const started = spawn(process.execPath, [TUNEBOOK, 'inspect', '--stdio'], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child = started;
    stderr = '';
    started.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    connection = createMessageConnection(
      new StreamMessageReader(started.stdout),
      new StreamMessageWriter(started.stdin),
    );
    connection.listen();
  });
  afterEach(() => {
    connection.dispose();
    child.kill('SIGKILL');
  });

  const rows = (file: string) => ({
    files: [space.at.path(file)],
    columns: { text: 'text', label: 'label' },
    format: 'classification',
  });

  it('tells facts of a data file, and again after it has changed', async () => {
    const facts: DataFacts = await connection.sendRequest(INSPECT.data, rows('data/train.csv'));
    assert.equal(facts.rows, 76);
    assert.deepEqual(facts.columns, ['text', 'label']);
    assert.deepEqual(Object.keys(facts.labels ?? {}).sort(), ['alpha', 'bravo', 'charlie', 'delta', 'echo']);
    assert.deepEqual(facts.problems, []);
    space.at.write('data/train.csv', 'text,label\nlo,alpha\n');
    const after: DataFacts = await connection.sendRequest(INSPECT.data, rows('data/train.csv'));
    assert.equal(after.rows, 1);
  });

  it('tells facts of a model folder without reading its weights', async () => {
    const { memory, ...facts }: ModelFacts = await connection.sendRequest(INSPECT.model, {
      folder: space.at.path('model'),
    });
    assert.ok(memory !== undefined && memory > 2 ** 20);
    assert.deepEqual(facts, {
      model_type: 'bert',
      parameters: 21_637,
      hidden_size: 32,
      max_position_embeddings: 40,
      vocab_size: 60,
      modules: ['dense', 'key', 'query', 'value'],
      labels: ['alpha', 'bravo', 'charlie', 'delta', 'echo'],
      chat_template: false,
      problems: [],
    });
  });

  it('tells what of a run does not fit its model, and nothing of what cannot be read', async () => {
    const folder = space.at.path('model');
    const lora = {
      r: 2,
      lora_alpha: 2,
      lora_dropout: 0,
      use_rslora: false,
      modules_to_save: ['pooler', 'x'],
    };
    const params = { folder, task: 'text-classification', num_labels: 5, method: { lora } };
    const fit: FitFacts = await connection.sendRequest(INSPECT.fit, params);
    assert.deepEqual(fit.unknown_modules, ['x']);
    assert.ok(fit.modules.includes('classifier'));
    assert.equal(
      await connection.sendRequest(INSPECT.fit, { ...params, folder: space.at.path('data') }),
      null,
    );
    const place = space.at.path('model', 'config.json');
    assert.deepEqual(await connection.sendRequest(INSPECT.vocabulary, { folder, rows: 60, place }), {});
    const { problem }: VocabularyFacts = await connection.sendRequest(INSPECT.vocabulary, {
      folder,
      rows: 40,
      place,
    });
    assert.match(problem?.message ?? '', /has 60 tokens, .* only 40 rows .*: 20 tokens have no row/);
    assert.equal(
      await connection.sendRequest(INSPECT.vocabulary, { folder: space.at.path('data'), place }),
      null,
    );
    const { method, ...half } = params;
    assert.ok(method.lora);
    await assert.rejects(connection.sendRequest(INSPECT.fit, half), { code: -32602 });
    await assert.rejects(connection.sendRequest(INSPECT.vocabulary, { folder }), { code: -32602 });
  });

  it('tells which rows two files share, and knows nothing of what it cannot read', async () => {
    space.at.write('data/twice.csv', 'label,text\nalpha,lo\nbravo,never seen\n');
    space.at.write('data/once.csv', 'text,label\nlo,bravo\n');
    const asked = { train: rows('data/once.csv'), eval: rows('data/twice.csv') };
    assert.deepEqual(await connection.sendRequest(INSPECT.shared, asked), {
      rows: 2,
      shared: 1,
      first: { file: space.at.path('data/twice.csv'), line: 2 },
    });
    const missing = { train: rows('data/none.csv'), eval: rows('data/twice.csv') };
    assert.equal(await connection.sendRequest(INSPECT.shared, missing), null);
    await assert.rejects(connection.sendRequest(INSPECT.shared, { train: 1 }), /another form/);
    await assert.rejects(connection.sendRequest(INSPECT.tokens, { files: [], run: {} }), /another form/);
  });

  it('tells what is wrong with a model folder as a part of the answer', async () => {
    truncateSync(space.at.path('model/model.safetensors'), 50_000);
    const torn: ModelFacts = await connection.sendRequest(INSPECT.model, { folder: space.at.path('model') });
    assert.deepEqual(
      torn.problems.map(({ code }) => code),
      ['safetensors/truncated'],
    );
    assert.equal(torn.hidden_size, 32);
    rmSync(space.at.path('model'), { recursive: true });
    const gone: ModelFacts = await connection.sendRequest(INSPECT.model, { folder: space.at.path('model') });
    assert.deepEqual(
      gone.problems.map(({ code }) => code),
      ['model/missing'],
    );
  });

  it('gives a cancelled request up, and answers others meanwhile', async function () {
    space.at.write('data/many.csv', manyRows(500_000));
    const token = new CancellationTokenSource();
    const long = connection.sendRequest(INSPECT.data, rows('data/many.csv'), token.token);
    const short: DataFacts = await connection.sendRequest(INSPECT.data, rows('data/train.csv'));
    assert.equal(short.rows, 76);
    token.cancel();
    await assert.rejects(long, { code: -32800 });
    const after: DataFacts = await connection.sendRequest(INSPECT.data, rows('data/test.csv'));
    assert.equal(after.rows, 29);
  });

  it('refuses what it does not understand, and goes on', async () => {
    await assert.rejects(connection.sendRequest(INSPECT.data, { files: 'x' }), { code: -32602 });
    await assert.rejects(connection.sendRequest('inspect/nothing', {}), { code: -32601 });
    const facts: DataFacts = await connection.sendRequest(INSPECT.data, rows('data/test.csv'));
    assert.equal(facts.rows, 29);
  });

  it('ends when the other end hangs up, without a word', async () => {
    await connection.sendRequest(INSPECT.data, rows('data/test.csv'));
    const ended = once(child, 'exit');
    child.stdin?.end();
    assert.deepEqual(await ended, [0, null]);
    assert.equal(stderr, '');
  });
});
