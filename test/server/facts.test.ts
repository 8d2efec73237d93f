import assert from 'node:assert/strict';
import { once } from 'node:events';
import { cpSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeCausalModel } from '../support/causal-model.ts';
import { childrenOf, eventually, isRunning, showsProcesses } from './support/children.ts';
import { Client, TRAINER } from './support/client.ts';
import { Folder } from './support/folder.ts';

const ADAPTER = fileURLToPath(new URL('../fixtures/families/llama-causal/lora', import.meta.url));
const DATASET = 'dataset: intents\nfiles: { train: train.csv }\nformat: classification\n';
const COLUMNS = 'columns: { text: utterance, label: intent }\n';

/** Asks again until the trainer has read the data: an answer waits for it only as long as a person would. */
async function askUntil<Answer>(
  ask: () => Promise<Answer>,
  isKnown: (answer: Answer) => boolean,
): Promise<Answer> {
  const end = Date.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (isKnown(answer) || Date.now() > end) return answer;
  }
}

describe('what the language server asks of the trainer', () => {
  let client: Client;
  let folder: Folder;
  let path: string;

  beforeEach(async () => {
    folder = new Folder();
    folder.write('train.csv', 'utterance,intent\nmake it larger,zoom\nwho wrote this,blame\nbigger,zoom\n');
    path = folder.at('a.tune.yaml');
    client = await Client.start({ trainer: TRAINER });
  });

  afterEach(() => {
    client.kill();
    folder.remove();
  });

  it('finds a column that the data lacks, and takes it back when the data has it', async () => {
    await client.open(path, DATASET);
    await client.codes(path, ['tune/missing-column', 'tune/missing-column']);
    folder.write('train.csv', 'text,label\nmake it larger,zoom\nwho wrote this,blame\n');
    await client.fileChanged(folder.at('train.csv'));
    await client.codes(path, []);
  });

  it('is not disturbed by files that are none of its own', async () => {
    await client.open(path, DATASET);
    await client.codes(path, ['tune/missing-column', 'tune/missing-column']);
    const before = client.published.length;
    const log = folder.write('.tunebook/runs/x/events.jsonl', '{}');
    const end = Date.now() + 60_000;
    await client.replace(path, 'train.csv', 'other.csv');
    // A run writes all the time; the check of the edit must not wait for it to stop.
    while (Date.now() < end && client.published.length === before) {
      await client.fileChanged(log);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.ok(client.published.length > before, 'the edit was never checked');
  });

  it('keeps what it knows about the data while other things are edited', async () => {
    await client.open(path, `${DATASET}---\nrun: a\ntrain: { seed: 1 }\n`);
    await client.diagnostics(path, (found) => found.some(({ code }) => code === 'tune/missing-column'));
    const before = client.published.length;
    await client.replace(path, 'seed: 1', 'seed: 12');
    await client.diagnostics(path);
    const since = client.published.slice(before);
    assert.ok(since.length > 0);
    for (const { diagnostics } of since) {
      assert.ok(
        diagnostics.some(({ code }) => code === 'tune/missing-column'),
        'the problem flickered',
      );
    }
  });

  it('finds what of model, tokenizer and method does not fit, and takes it back when the files fit again', async () => {
    for (const name of ['causal', 'deep', 'words']) writeCausalModel(folder.at(name));
    cpSync(ADAPTER, folder.at('adapter'), { recursive: true });
    // With a tokenizer of its own, nothing but its weights leads to its base.
    cpSync(folder.at('causal/tokenizer.json'), folder.at('adapter/tokenizer.json'));
    const changeJson = (name: string, change: object) => {
      const fields: unknown = JSON.parse(readFileSync(folder.at(name), 'utf8'));
      return folder.write(name, JSON.stringify({ ...Object(fields), ...change }));
    };
    changeJson('adapter/adapter_config.json', { base_model_name_or_path: folder.at('deep') });
    changeJson('causal/config.json', { vocab_size: 59 });
    changeJson('deep/config.json', { num_hidden_layers: 3 });
    const words = Object.fromEntries(
      ['<unk>', '<s>', '</s>', ...Array(58).keys()].map((word, id) => [word, id]),
    );
    const model = { type: 'WordLevel', vocab: words, unk_token: '<unk>' };
    changeJson('words/tokenizer.json', { model });
    folder.write('rows.jsonl', '{"text":"sky is blue"}\n');
    const run = (name: string, base: string, more = '') =>
      `---\nrun: ${name}\nmodel: { base: ${base}, task: text-generation }\ndata: { train: rows.train, max_length: 8 }\n${more}`;
    const text = `dataset: rows\nfiles: { train: rows.jsonl }\nformat: text\n${run('a', 'causal', 'method: { lora: { modules_to_save: [embed_tokens, lm_heat] } }\n')}${run('b', 'adapter')}${run('c', 'words')}`;
    await client.open(path, text);
    const [shapes, names, other, vocabulary] = [
      'model/shape-mismatch',
      'tune/unknown-module',
      'model/other-base',
      'model/vocabulary-mismatch',
    ] as const;
    await client.codes(path, [shapes, names, other, vocabulary]);
    const shown = (await client.diagnostics(path)).map(({ range: { start, end } }) =>
      text.split('\n')[start.line]?.slice(start.character, end.character),
    );
    assert.deepEqual(shown, ['causal', 'lm_heat', 'adapter', 'words']);
    await client.fileChanged(changeJson('deep/config.json', { num_hidden_layers: 2 }));
    await client.codes(path, [shapes, names, vocabulary]);
    await client.fileChanged(changeJson('causal/config.json', { vocab_size: 60 }));
    await client.codes(path, [names, vocabulary]);
    await client.fileChanged(
      changeJson('words/tokenizer.json', { model: { ...model, vocab: { '<unk>': 0 } } }),
    );
    await client.codes(path, [names]);
    await client.replace(path, 'lm_heat', 'layers.1');
    await client.codes(path, []);
  });

  it('shows what the files hold', async () => {
    await client.open(path, `${DATASET}${COLUMNS}---\nevaluate: e\ndata: intents.train\n`);
    const hover = await askUntil(
      () => client.hover(path, 'intents.tr'),
      (answer) => answer?.value.includes('rows') === true,
    );
    assert.match(hover?.value ?? '', /3 rows · columns `utterance`, `intent`/);
    assert.match(hover?.value ?? '', /\| make it larger \| zoom \|/);
    assert.match(hover?.value ?? '', /- `zoom` 2 \(66\.7 %\)/);
  });

  it('completes columns', async () => {
    await client.open(path, `${DATASET}columns: { text:  }\n`);
    const items = await askUntil(
      () => client.complete(path, 'text: '),
      (answer) => answer.some(({ label }) => label === 'utterance'),
    );
    assert.deepEqual(
      items.slice(0, 2).map(({ label }) => label),
      ['utterance', 'intent'],
    );
  });

  it('says that there may be more where the trainer is slow, so that the editor asks with the next letter', async () => {
    // It answers nothing, and ends with the server, whose pipes it would hold open otherwise.
    folder.write('slow.js', "process.stdin.resume().on('end', () => process.exit());\n");
    const slow = await Client.start({ trainer: folder.at('slow.js') });
    try {
      await slow.open(path, `${DATASET}columns: { text:  }\n`);
      const found = await slow.completion(path, 'text: ');
      assert.equal('isIncomplete' in found && found.isIncomplete, true);
      assert.ok(Array.isArray(await slow.completion(path, 'format: ')));
    } finally {
      slow.kill();
    }
  });

  it('starts no process before there is a question, and one for all of them', async function () {
    if (!showsProcesses) this.skip();
    await client.open(path, 'run: a\ntrain: { seed: 1 }\n');
    await client.diagnostics(path);
    assert.deepEqual(childrenOf(client.process.pid), []);
    await client.replace(path, 'run: a', `${DATASET}---\nrun: a`);
    await client.diagnostics(path, (found) => found.some(({ code }) => code === 'tune/missing-column'));
    await client.hover(path, 'train.c');
    assert.equal(childrenOf(client.process.pid).length, 1);
  });

  it('never starts one in a workspace that is not trusted', async function () {
    if (!showsProcesses) this.skip();
    const untrusted = await Client.start();
    try {
      await untrusted.open(path, DATASET);
      await untrusted.codes(path, []);
      assert.equal(await untrusted.complete(path, 'format: ').then((items) => items.length > 0), true);
      assert.equal((await untrusted.hover(path, 'train.c'))?.value.includes('rows'), false);
      assert.deepEqual(childrenOf(untrusted.process.pid), []);
    } finally {
      untrusted.kill();
    }
  });

  it('starts the trainer again after it died', async function () {
    if (!showsProcesses) this.skip();
    await client.open(path, DATASET);
    await client.codes(path, ['tune/missing-column', 'tune/missing-column']);
    const [first] = childrenOf(client.process.pid);
    assert.ok(first);
    process.kill(first, 'SIGKILL');
    await client.until('word of it', () => client.log.find((each) => each.includes('SIGKILL')));
    await client.replace(path, 'format: classification\n', `format: classification\n${COLUMNS}`);
    await client.codes(path, []);
    const hover = await askUntil(
      () => client.hover(path, 'train.c'),
      (answer) => answer?.value.includes('rows') === true,
    );
    assert.match(hover?.value ?? '', /3 rows/);
    assert.notEqual(childrenOf(client.process.pid)[0], first);
  });

  it('goes on without a trainer that does not start', async () => {
    const broken = await Client.start({ trainer: folder.at('nothing.js') });
    try {
      await broken.open(path, DATASET);
      await broken.until('word of it', () => broken.log.find((each) => each.includes('has no answer')));
      await broken.codes(path, []);
      await broken.replace(path, 'format:', 'fromat:');
      await broken.diagnostics(path, (found) => found.some(({ code }) => code === 'tune/unknown-field'));
    } finally {
      broken.kill();
    }
  });

  it('leaves no process behind when the editor ends it', async function () {
    if (!showsProcesses) this.skip();
    await client.open(path, DATASET);
    await client.codes(path, ['tune/missing-column', 'tune/missing-column']);
    const [child] = childrenOf(client.process.pid);
    assert.ok(child);
    assert.equal(await client.stop(), 0);
    await eventually('the trainer ends', () => !isRunning(child));
  });

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    it(`leaves no process behind when it gets ${signal}`, async function () {
      if (!showsProcesses) this.skip();
      await client.open(path, DATASET);
      await client.codes(path, ['tune/missing-column', 'tune/missing-column']);
      const [child] = childrenOf(client.process.pid);
      assert.ok(child);
      client.process.kill(signal);
      await once(client.process, 'exit');
      await eventually('the trainer ends', () => !isRunning(child));
    });
  }

  it('ends when the editor is gone without a word', async function () {
    if (!showsProcesses) this.skip();
    await client.open(path, DATASET);
    await client.codes(path, ['tune/missing-column', 'tune/missing-column']);
    const [child] = childrenOf(client.process.pid);
    assert.ok(child);
    client.process.stdin.end();
    await once(client.process, 'exit');
    await eventually('the trainer ends', () => !isRunning(child));
  });
});
