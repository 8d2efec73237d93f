import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import {
  PLAYGROUND,
  type AskResult,
  type PlaygroundCandidate,
  type PlaygroundSource,
} from '../../src/protocol/playground.ts';
import { TrainerChild } from '../../src/runs/trainer-child.ts';
import { writeCausalModel } from '../support/causal-model.ts';
import { writeHollowModel } from '../support/hollow-model.ts';
import { readJson } from '../trainer/support/read-json.ts';
import { TUNEBOOK } from './support/tunebook.ts';
import { eventsOf, workspace } from './support/workspace.ts';

const HINT =
  'End what else needs memory, or take a smaller model; what a model writes needs less with a smaller max_new_tokens and shorter prompts.';
/** 480 million parameters: 1.8 GiB, more than a process may have here. */
const SIZES = {
  hidden_size: 2048,
  intermediate_size: 8192,
  num_hidden_layers: 8,
  num_attention_heads: 16,
  num_key_value_heads: 4,
  head_dim: 128,
};
const MEGABYTES = 1200;

describe('a model that has no room to answer', () => {
  const space = workspace();
  const node = process.execPath;

  beforeEach(function () {
    // `ulimit -d` holds what a process has of its own; other systems do not keep to it.
    if (process.platform !== 'linux') return this.skip();
    for (const name of ['large', 'small']) writeCausalModel(space.at.path(name));
    const config = readJson(space.at.path('large', 'config.json'));
    writeHollowModel(space.at.path('large'), { ...config, ...SIZES }, 'text-generation');
    const script = `#!/bin/sh\nulimit -d ${MEGABYTES * 1024}\nexec '${node}' "$@"\n`;
    const limited = space.at.write('limited-node', script);
    chmodSync(limited, 0o755);
    process.execPath = limited;
  });
  afterEach(() => {
    process.execPath = node;
  });

  it('is told of in the playground, which then asks another', async () => {
    const child = new TrainerChild({
      trainer: TUNEBOOK,
      args: ['playground', '--stdio'],
      log: (message) => assert.fail(message),
      environment: () => ({ TUNEBOOK_RUNTIME_DIR: space.at.path('runtime') }),
    });
    const never = new AbortController().signal;
    const source = (name: string): PlaygroundSource => ({ kind: 'model', model: space.at.path(name), name });
    const sources = [source('large'), source('small')];
    const params = { workspace: space.at.folder, sources };
    const candidates = await child.request<PlaygroundCandidate[]>(PLAYGROUND.open, params, never);
    const ask = (at: number) => {
      const question = { ask: 'a', text: 'sky is', slots: {}, past: [], settings: { max_new_tokens: 4 } };
      const candidate = candidates[at]!.id;
      return child.request<AskResult>(PLAYGROUND.ask, { ...question, candidate }, never);
    };
    const refused = await ask(0);
    assert.ok(refused.type === 'problem', JSON.stringify(refused));
    assert.deepEqual([refused.code, refused.hint], ['run/out-of-memory', HINT]);
    assert.match(refused.message, /^There is not enough memory: /);
    assert.equal((await ask(1)).type, 'answer');
    await child.dispose();
  });

  it('is told of by an evaluation, with what would need less', async () => {
    space.at.write('rows.csv', 'question,answer\nsky is,blue\n');
    space.at.config({}, [
      {
        evaluate: 'judge',
        data: 'questions.test',
        candidates: { large: { model: 'large', prompt: 'ask' } },
      },
      {
        dataset: 'questions',
        files: { test: 'rows.csv' },
        format: 'prompt-completion',
        columns: { prompt: 'question', completion: 'answer' },
      },
      { prompt: 'ask', template: '{{question}}' },
    ]);
    const { code, stderr } = await space.at.run('evaluate', 'intents.tune.yaml', 'judge');
    assert.equal(code, 3, stderr);
    assert.ok(stderr.includes(`[run/out-of-memory]\n  next: ${HINT}`), stderr);
    const told = eventsOf(space.at.onlyRun()).flatMap((event) => (event.type === 'error' ? [event] : []));
    assert.deepEqual(
      told.map((error) => [error.code, error.hint]),
      [['run/out-of-memory', HINT]],
    );
  });
});
