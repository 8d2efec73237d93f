import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import {
  PLAYGROUND,
  type AskParams,
  type AskProgress,
  type AskResult,
  type PlaygroundAnswer,
  type PlaygroundCandidate,
  type PlaygroundSource,
} from '../../src/protocol/playground.ts';
import { TrainerChild } from '../../src/runs/trainer-child.ts';
import { writeCausalModel } from '../support/causal-model.ts';
import { ChatServer, reply } from '../trainer/support/chat-server.ts';
import { parseLines, TUNEBOOK } from './support/tunebook.ts';
import { workspace } from './support/workspace.ts';

const CHAT =
  '{% for m in messages %}blood {{ m.content }} {% endfor %}{% if add_generation_prompt %}green{% endif %}';

describe('tunebook playground --stdio', () => {
  const space = workspace();
  const server = new ChatServer();
  let child: TrainerChild;
  let told: AskProgress[];
  let printed: string[];
  let base_url = '';

  before(async () => {
    base_url = await server.listen();
  });
  after(() => server.close());

  beforeEach(() => {
    server.reset();
    [told, printed] = [[], []];
    child = new TrainerChild({
      trainer: TUNEBOOK,
      args: ['playground', '--stdio'],
      log: (message) => printed.push(message),
      environment: () => ({ ...definedOf(space.at.env), PLAYGROUND_KEY: 'sk-secret' }),
      // SAFETY: the trainer sends this one notification only.
      onNotification: (_, params) => told.push(params as AskProgress),
    });
  });
  afterEach(async () => {
    await child.dispose();
    assert.deepEqual(printed, []);
  });

  const never = new AbortController().signal;
  const open = async (...sources: PlaygroundSource[]) => {
    const params = { workspace: space.at.folder, sources };
    return await child.request<PlaygroundCandidate[]>(PLAYGROUND.open, params, never);
  };
  const model = (name: string): PlaygroundSource => ({ kind: 'model', model: space.at.path(name), name });
  const params = (candidate: PlaygroundCandidate | undefined, fields: Partial<AskParams> = {}): AskParams => {
    return {
      ask: 'a',
      candidate: candidate?.id ?? '',
      text: 'sky is',
      slots: {},
      past: [],
      settings: {},
      ...fields,
    };
  };
  const ask = async (...args: Parameters<typeof params>): Promise<AskResult> =>
    await child.request<AskResult>(PLAYGROUND.ask, params(...args), never);
  const answer = async (...args: Parameters<typeof params>): Promise<PlaygroundAnswer> => {
    const result = await ask(...args);
    assert.ok(result.type === 'answer', JSON.stringify(result));
    return result;
  };

  it('goes on with a text as `tunebook generate` does, piece by piece', async () => {
    writeCausalModel(space.at.path('llama'));
    const [llama] = await open(model('llama'));
    assert.equal(llama?.answers, 'text');
    const settings = { temperature: 1.5, top_k: 20, seed: 5, max_new_tokens: 8 };
    const result = await answer(llama, { settings });
    const flags = ['--temperature', '1.5', '--top-k', '20', '--seed', '5', '--max-new-tokens', '8', '--json'];
    const { stdout } = await space.at.run('generate', 'llama', '--prompt', 'sky is', ...flags);
    const last = parseLines(stdout).at(-1);
    assert.equal(result.text, last && 'text' in last ? last.text : undefined);
    assert.equal(result.prompt, 'sky is');
    assert.equal(result.promptTokens, 2);
    const pieces = told.filter(({ text }) => text !== undefined);
    assert.ok(pieces.length > 1);
    assert.equal(pieces.map(({ text }) => text).join(''), result.text);
    assert.ok(pieces.every((piece) => piece.ask === 'a'));
    const states = told.flatMap(({ state }) => state ?? []);
    assert.deepEqual(states, ['waiting', 'loading', 'reading']);
    told.length = 0;
    assert.deepEqual((await answer(llama, { settings })).text, result.text);
    assert.deepEqual(
      told.flatMap(({ state }) => state ?? []),
      ['waiting', 'reading'],
      'The weights are in memory.',
    );
  });

  it('hears a conversation where the model has a chat template', async () => {
    writeCausalModel(space.at.path('chatty'), CHAT);
    const [chatty] = await open(model('chatty'));
    assert.equal(chatty?.answers, 'chat');
    const settings = { max_new_tokens: 1 };
    const first = await answer(chatty, { text: 'sky', settings });
    assert.deepEqual(first.prompt, [{ role: 'user', content: 'sky' }]);
    assert.equal(first.promptTokens, 3);
    const past = [{ user: 'sky', assistant: 'blue' }];
    const second = await answer(chatty, { text: 'grass', past, settings });
    assert.equal(second.promptTokens, 7);
    assert.deepEqual(second.prompt, [
      { role: 'user', content: 'sky' },
      { role: 'assistant', content: 'blue' },
      { role: 'user', content: 'grass' },
    ]);
  });

  it('tells the probability of every label of a classifier', async () => {
    const [classifier] = await open(model('model'));
    assert.equal(classifier?.answers, 'labels');
    const { labels = [], text } = await answer(classifier, { text: 'lo lo lo' });
    assert.equal(labels.length, 5);
    assert.equal(labels[0]?.label, text);
    assert.ok(Math.abs(labels.reduce((sum, { probability }) => sum + probability, 0) - 1) < 1e-6);
    assert.ok(labels.every(({ probability }, i) => i === 0 || probability <= labels[i - 1]!.probability));
  });

  /** An evaluation with a classifier, a prompted model that chooses, and a hosted one. */
  function writeEvaluation(more: object = {}): PlaygroundSource {
    writeCausalModel(space.at.path('llama'));
    const rows = ['alpha', 'bravo', 'charlie', 'delta', 'echo'].map((label) => `lo,${label},red\n`);
    writeFileSync(space.at.path('data', 'moods.csv'), `text,label,mood\n${rows.join('')}`);
    const documents = [
      {
        dataset: 'rows',
        files: { test: 'data/moods.csv' },
        format: 'classification',
        columns: { text: 'text', label: 'label' },
      },
      { prompt: 'ask', template: 'the {{ mood }} {{ text }} is' },
      {
        evaluate: 'all',
        data: 'rows.test',
        candidates: {
          classifier: { model: 'model' },
          prompted: { model: 'llama', prompt: 'ask' },
          hosted: {
            endpoint: { base_url, model: 'm', api_key_env: 'PLAYGROUND_KEY', max_retries: 1 },
            prompt: 'ask',
          },
          ...more,
        },
        metrics: ['accuracy'],
      },
    ];
    const file = space.at.path('all.tune.yaml');
    writeFileSync(file, documents.map((each) => stringify(each)).join('---\n'));
    return { kind: 'evaluate', file, name: 'all' };
  }

  it('says of taggers that their evaluation shows what they find', async () => {
    space.at.write('data/names.conll', 'lo O\ntu B-x\n');
    const documents = [
      { dataset: 'names', files: { test: 'data/names.conll' }, format: 'tokens' },
      { evaluate: 'entities', data: 'names.test', candidates: { tagger: { model: 'model' } } },
    ];
    const file = space.at.write('entities.tune.yaml', documents.map((each) => stringify(each)).join('---\n'));
    const [tagger] = await open({ kind: 'evaluate', file, name: 'entities' });
    assert.match(
      tagger?.problem ?? '',
      /The evaluation entities is about tagged words \(names\.test\).*Run the evaluation/s,
    );
  });

  it('asks the candidates of an evaluation as the evaluation does', async () => {
    const [classifier, prompted, hosted] = await open(writeEvaluation());
    assert.deepEqual(
      [classifier, prompted, hosted].map((each) => [each?.name, each?.answers, each?.input, each?.slots]),
      [
        ['classifier', 'labels', undefined, []],
        ['prompted', 'labels', 'text', ['mood']],
        ['hosted', 'text', 'text', ['mood']],
      ],
    );
    assert.equal(hosted?.about, `m at ${base_url} · prompt ask`);
    const slots = { mood: 'red' };
    const chosen = await answer(prompted, { text: 'sky', slots });
    assert.equal(chosen.prompt, 'the red sky is');
    assert.equal(chosen.labels?.length, 5);
    const written = await answer(hosted, { text: 'sky', slots, settings: { temperature: 0.5, stop: ['!'] } });
    assert.equal(written.text, 'echo of the red sky is');
    assert.equal(written.outputTokens, 3);
    assert.deepEqual(
      told.flatMap(({ text }) => text ?? []),
      ['echo', ' of', ' the', ' red', ' sky', ' is'],
    );
    assert.equal(server.asked[0]?.authorization, 'Bearer sk-secret');
    assert.equal(server.asked[0].body['temperature'], 0.5);
    assert.deepEqual(server.asked[0].body['stop'], ['!']);
    assert.equal(written.note, undefined);
    const unheard = await answer(hosted, { text: 'sky', slots, settings: { temperature: 0.5, top_k: 5 } });
    assert.match(unheard.note ?? '', /^Asked without top_k: OpenAI’s protocol does not have it\.$/);
  });

  it('tells that a request is sent again, and what is wrong where that does not help', async () => {
    const [, , hosted] = await open(writeEvaluation());
    const busy = { error: { message: 'slow down sk-secret' } };
    server.misbehave = (n, r) => (n === 0 ? reply(r, 429, busy, { 'retry-after': '0.05' }) : undefined);
    assert.match((await answer(hosted)).text, /^echo/);
    assert.match(told.find(({ note }) => note !== undefined)?.note ?? '', /is busy \(429\).*retry 1 of 1/);
    server.misbehave = (_, r) => reply(r, 429, busy, { 'retry-after': '0.05' });
    const failed = await ask(hosted);
    assert.equal(failed.type, 'problem');
    assert.equal('code' in failed ? failed.code : '', 'endpoint/busy');
    assert.ok(!JSON.stringify([failed, told]).includes('sk-secret'));
  });

  it('says of a candidate what is wrong with it, and asks the others', async () => {
    const [classifier, , , gone] = await open(writeEvaluation({ gone: { model: 'nowhere' } }));
    // The check of the config finds it: nothing of it can be asked before it is mended.
    assert.match(classifier?.problem ?? '', /all\.tune\.yaml:\d+:\d+: .*nowhere/);
    assert.equal(gone, undefined);
    const [missing, llama] = await open({ kind: 'model', model: 'run:never', name: 'never' }, model('llama'));
    assert.match(missing?.problem ?? '', /There is no finished run "never"/);
    assert.equal(llama?.problem, undefined);
    await assert.rejects(ask(missing), { code: -32602 });
  });

  it('refuses a prompt that is longer than the context, and settings that are none', async () => {
    writeCausalModel(space.at.path('llama'));
    const [llama] = await open(model('llama'));
    const result = await ask(llama, { text: 'sky '.repeat(500) });
    assert.equal('code' in result ? result.code : '', 'generate/prompt-too-long');
    for (const settings of [
      { temperature: -1 },
      { top_p: 2 },
      { top_k: 1.5 },
      { stop: [''] },
      { nonsense: 1 },
    ])
      await assert.rejects(child.request(PLAYGROUND.ask, { ...params(llama), settings }, never), {
        code: -32602,
      });
  });

  it('stops when it is cancelled, and answers the next question', async () => {
    const [, , hosted] = await open(writeEvaluation());
    const stop = new AbortController();
    const isAsked = new Promise<void>((resolve) => {
      server.misbehave = () => (resolve(), true);
    });
    const asked = child.request(PLAYGROUND.ask, params(hosted), stop.signal);
    await isAsked;
    stop.abort();
    await assert.rejects(asked, { code: -32800 });
    server.misbehave = () => undefined;
    assert.match((await answer(hosted)).text, /^echo/);
  });
});

function definedOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
}
