import assert from 'node:assert/strict';
import {
  PROMPT_TRIAL_REQUEST,
  PROMPTS_REQUEST,
  type PromptsResult,
  type PromptTrialResult,
} from '../../src/protocol/language-server.ts';
import { writeCausalModel } from '../support/causal-model.ts';
import { Client, TRAINER, uri } from './support/client.ts';
import { Folder } from './support/folder.ts';

const CONFIG = `dataset: facts
files: { train: train.jsonl, test: test.jsonl }
format: classification
---
prompt: bare
template: "the {{ text }} is"
---
prompt: shots
extends: bare
examples: { data: facts.train, count: 2 }
---
evaluate: e
data: facts.test
candidates:
  small: { model: base, prompt: bare }
  helped: { model: base, prompt: shots }
`;
const rows = (...pairs: [string, string][]) =>
  pairs.map(([text, label]) => `${JSON.stringify({ text, label })}\n`).join('');

describe('prompts over the wire', () => {
  let client: Client;
  let folder: Folder;
  let path: string;

  beforeEach(async () => {
    folder = new Folder();
    writeCausalModel(folder.at('base'));
    folder.write('train.jsonl', rows(['sky', 'blue'], ['grass', 'green']));
    folder.write('test.jsonl', rows(['blood', 'red'], ['snow', 'white']));
    path = folder.at('a.tune.yaml');
    client = await Client.start({ trainer: TRAINER });
  });
  afterEach(() => {
    client.kill();
    folder.remove();
  });

  const prompts = (row: number, name?: string) =>
    client.connection.sendRequest<PromptsResult>(PROMPTS_REQUEST, { uri: uri(path), row, name });

  it('are filled with a row, examples before it, and counted for the model that is asked', async () => {
    await client.open(path, CONFIG);
    const { text = '', row } = await prompts(1);
    assert.equal(row, 1);
    assert.match(
      text,
      /^# bare\nRow 2 of facts\.test: line 2 of test\.jsonl\n\d+ tokens for small, which reads \d+ together with its answer\n\n## text, \d+ tokens\nthe snow is\n/,
    );
    const shots = text.slice(text.indexOf('# shots'));
    assert.ok(shots.includes('the sky is blue\n\n') && shots.includes('the grass is green\n\n'), shots);
    assert.ok(shots.trimEnd().endsWith('the snow is'), shots);
    assert.match((await prompts(1, 'shots')).text ?? '', /^# shots\n/);
  });

  it('follow what is typed, and stay at the last row', async () => {
    await client.open(path, CONFIG);
    await client.replace(path, 'the {{ text }} is', 'say the colour of {{ text }}:');
    const { text = '', row } = await prompts(7);
    assert.equal(row, 1);
    assert.ok(text.includes('say the colour of snow:'), text);
  });

  it('say what is wrong in the place of the prompt', async () => {
    await client.open(path, CONFIG);
    await client.replace(path, '{{ text }}', '{{ colour }}');
    assert.match(
      (await prompts(0)).text ?? '',
      /has a slot \{\{ colour \}\}, and line 1 of .* has no column "colour"/,
    );
    await client.replace(path, 'template: ', 'templates: ');
    assert.match(
      (await prompts(0)).text ?? '',
      /# bare\nIt has mistakes: see the problems of the config\.\n/,
    );
  });

  it('say that a prompt is longer than the model reads', async () => {
    await client.open(path, CONFIG);
    await client.replace(path, '{{ text }}', '{% for i in range(3000) %}{{ text }} {% endfor %}');
    assert.match(
      (await prompts(0)).text ?? '',
      /\nTOO LONG: \d{4,} tokens for small, which reads \d+ together/,
    );
  });

  it('make a config that tries all of them', async () => {
    await client.open(path, CONFIG);
    const trial = await client.connection.sendRequest<PromptTrialResult>(PROMPT_TRIAL_REQUEST, {
      uri: uri(path),
      name: 'shots',
      folder: folder.at('.tunebook/trials'),
    });
    assert.ok('text' in trial, JSON.stringify(trial));
    assert.match(trial.text, /^evaluate: try-shots$/m);
    assert.match(trial.text, /"prompt":"\.\.\/\.\.\/a\.tune\.yaml#bare"/);
  });

  it('are not filled in a folder that is not trusted', async () => {
    const strange = await Client.start();
    await strange.open(path, CONFIG);
    const { text = '' } = await strange.connection.sendRequest<PromptsResult>(PROMPTS_REQUEST, {
      uri: uri(path),
      row: 0,
    });
    assert.match(text, /# bare\nData is read only in a folder that you trust\.\n/);
    strange.kill();
  });
});
