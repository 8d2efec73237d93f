import assert from 'node:assert/strict';
import { Client, uri } from './support/client.ts';
import { Folder } from './support/folder.ts';

const DATASET = 'dataset: intents\nfiles: { train: train.csv, test: test.csv }\nformat: classification\n';
const RUN = `run: a\nmodel: { base: ./base }\ndata: { train: intents.train }\ntrain:\n  learning_rat: 1.0e-4\n  seed: 1\n`;

describe('the language server, for an editor that is not VS Code', () => {
  let client: Client;
  let folder: Folder;
  let path: string;

  beforeEach(async () => {
    folder = new Folder();
    folder.write('train.csv', 'text,label\na,x\nb,y\n');
    folder.write('test.csv', 'text,label\nc,x\n');
    for (const name of ['config.json', 'tokenizer.json', 'model.safetensors'])
      folder.write(`base/${name}`, '{}');
    path = folder.at('a.tune.yaml');
    client = await Client.start();
  });

  afterEach(() => {
    client.kill();
    folder.remove();
  });

  it('says what it can do', () => {
    const { textDocumentSync, hoverProvider, definitionProvider, codeActionProvider } = client.capabilities;
    assert.deepEqual(textDocumentSync, { openClose: true, change: 2, save: true });
    assert.deepEqual([hoverProvider, definitionProvider], [true, true]);
    assert.deepEqual(codeActionProvider, {
      codeActionKinds: ['quickfix', 'source.fixAll.tunebook', 'refactor.extract', 'refactor.rewrite'],
    });
  });

  it('shows a mistake where it is, and takes it back when it is corrected', async () => {
    await client.open(path, `${DATASET}---\n${RUN}`);
    const [found] = await client.diagnostics(path, ({ length }) => length > 0);
    assert.equal(found?.code, 'tune/unknown-field');
    assert.equal(found.source, 'tunebook');
    assert.equal(found.severity, 1);
    assert.ok(typeof found.message === 'string' && found.message.includes('learning_rate'));
    assert.deepEqual(found.range, { start: { line: 8, character: 2 }, end: { line: 8, character: 14 } });
    await client.replace(path, 'learning_rat:', 'learning_rate:');
    await client.codes(path, []);
  });

  it('follows edits one character at a time', async () => {
    await client.open(path, `${DATASET}---\n${RUN.replace('learning_rat', 'learning_rate')}`);
    await client.codes(path, []);
    for (const [from, to] of [
      ['seed', 'see'],
      ['  see:', '  se:'],
      ['  se:', '  seeed:'],
    ] as const) {
      await client.replace(path, from, to);
    }
    await client.codes(path, ['tune/unknown-field']);
    assert.match(client.text(path), /seeed: 1/);
  });

  it('checks only when the keyboard rests', async () => {
    await client.open(path, `${DATASET}---\n${RUN}`);
    await client.diagnostics(path);
    const before = client.published.length;
    // The server finds them all at once: between two of them this process may have to wait for longer than a check takes.
    client.process.kill('SIGSTOP');
    for (let i = 0; i < 20; i++) await client.replace(path, 'seed: ', 'seed: 1');
    client.process.kill('SIGCONT');
    await client.diagnostics(path);
    assert.equal(client.published.length, before + 1);
    // What else the server has to say of them comes before it has looked at another edit.
    await client.replace(path, 'seed: ', 'seed: 1');
    await client.diagnostics(path);
    assert.equal(client.published.length, before + 2);
  });

  it('completes a field in the text as it is at that moment', async () => {
    await client.open(path, `${DATASET}---\n${RUN}`);
    await client.replace(path, '  seed: 1\n', '  seed: 1\n  weight_');
    const items = await client.complete(path, '  weight_');
    const item = items.find(({ label }) => label === 'weight_decay');
    assert.ok(item);
    assert.deepEqual(item.textEdit, {
      range: { start: { line: 10, character: 2 }, end: { line: 10, character: 9 } },
      newText: 'weight_decay: ${1:0}',
    });
    assert.equal(item.insertTextFormat, 2);
    assert.ok(typeof item.documentation === 'object' && item.documentation.kind === 'markdown');
    assert.match(item.documentation.value, /Decoupled weight decay/);
    assert.ok(!items.some(({ label }) => label === 'seed'));
  });

  it('completes names of splits and files of the disk', async () => {
    await client.open(path, `${DATASET}---\nevaluate: e\ndata: \n`);
    const splits = await client.complete(path, 'data: ');
    assert.deepEqual(
      splits.map(({ label }) => label),
      ['intents.train', 'intents.test'],
    );
    await client.replace(path, 'test: test.csv', 'test: ');
    const files = await client.complete(path, 'test: ');
    assert.ok(files.some(({ label }) => label === 'test.csv'));
  });

  it('gives plain texts to an editor without snippets', async () => {
    const plain = await Client.start({ snippets: false });
    try {
      await plain.open(path, 'run: a\nmodel: { ta }\n');
      const [item] = (await plain.complete(path, '{ ta')).filter(({ label }) => label === 'task');
      assert.equal(item?.insertTextFormat, 1);
      assert.equal(item?.textEdit?.newText, 'task: token-classification');
    } finally {
      plain.kill();
    }
  });

  it('explains a field, and goes to what a name means', async () => {
    await client.open(path, `${DATASET}---\n${RUN}`);
    const hover = await client.hover(path, '  see');
    assert.match(hover?.value ?? '', /^\*\*seed\*\* · a whole number/);
    assert.deepEqual(hover?.range, { start: { line: 9, character: 2 }, end: { line: 9, character: 6 } });
    const definition = await client.definition(path, 'intents.tra');
    assert.deepEqual(definition, {
      uri: uri(path),
      range: { start: { line: 1, character: 16 }, end: { line: 1, character: 25 } },
    });
  });

  it('offers a fix, and the text is right after it', async () => {
    await client.open(path, `${DATASET}---\n${RUN}`);
    const actions = await client.actions(path, 'tune/unknown-field', ['quickfix']);
    const preferred = actions.find(({ isPreferred }) => isPreferred);
    assert.equal(preferred?.kind, 'quickfix');
    assert.equal(preferred?.diagnostics?.[0]?.code, 'tune/unknown-field');
    await client.take(path, preferred);
    await client.codes(path, []);
    assert.match(client.text(path), /^ {2}learning_rate: 1\.0e-4$/m);
  });

  it('fixes everything at once', async () => {
    await client.open(path, `${DATASET}---\n${RUN.replace('seed', 'sed').replace('model', 'modle')}`);
    await client.diagnostics(path, ({ length }) => length >= 3);
    const [all] = await client.actions(path, undefined, ['source.fixAll']);
    assert.equal(all?.kind, 'source.fixAll.tunebook');
    await client.take(path, all);
    await client.codes(path, []);
    assert.equal(client.text(path), `${DATASET}---\n${RUN.replace('learning_rat', 'learning_rate')}`);
  });

  it('reads neighbours from the disk, and from the editor once they are open there', async () => {
    const other = folder.write('defaults.tune.yaml', 'run: small\nmodel: { base: ./base }\n');
    await client.open(path, `${DATASET}---\nrun: a\nextends: small\ndata: { train: intents.train }\n`);
    await client.codes(path, []);
    await client.open(other, 'run: tiny\nmodel: { base: ./base }\n');
    await client.codes(path, ['tune/unknown-reference']);
    await client.close(other);
    await client.codes(path, []);
  });

  it('checks again when a file changes on the disk', async () => {
    await client.until('watchers', () => (client.watched.length > 0 ? true : undefined));
    assert.ok(client.watched.includes('**/*.tune.{yaml,yml}'));
    await client.open(path, `${DATASET}---\nrun: a\nextends: small\ndata: { train: intents.train }\n`);
    await client.codes(path, ['tune/unknown-reference']);
    const other = folder.write('defaults.tune.yaml', 'run: small\nmodel: { base: ./base }\n');
    await client.fileChanged(other);
    await client.codes(path, []);
  });

  it('forgets the problems of a text that is closed', async () => {
    await client.open(path, RUN);
    await client.diagnostics(path, ({ length }) => length > 0);
    await client.close(path);
    const last = await client.until('empty list', () => {
      const latest = client.published.findLast((each) => each.uri === uri(path));
      return latest?.diagnostics.length === 0 ? latest : undefined;
    });
    assert.deepEqual(last.diagnostics, []);
  });
});
