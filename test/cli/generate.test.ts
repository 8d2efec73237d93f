import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { writeCausalModel } from '../support/causal-model.ts';
import { parseLines } from './support/tunebook.ts';
import { workspace } from './support/workspace.ts';

describe('tunebook generate', () => {
  const space = workspace();

  it('goes on from a prompt, and says how fast', async () => {
    writeCausalModel(space.at.path('llama'));
    const { code, stdout, stderr } = await space.at.run(
      ...['generate', 'llama', '--prompt', 'grass is', '--max-new-tokens', '6'],
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^( \S+){1,6}\n$/);
    assert.match(stderr, /^\d tokens after a prompt of 2 in [\d.]+ s \([\d.]+ a second\); /);
  });

  it('gives the text piece by piece, and then whole, as JSON; a seed makes it the same again', async () => {
    writeCausalModel(space.at.path('llama'));
    const args = [
      'generate',
      'llama',
      '-p',
      'sky',
      '--temperature',
      '1.5',
      '--max-new-tokens',
      '8',
      '--json',
    ];
    const { code, stdout } = await space.at.run(...args, '--seed', '5');
    assert.equal(code, 0);
    const lines = parseLines(stdout);
    const last = lines.pop();
    assert.equal(last?.type, 'generation');
    const pieces = lines.map((line) => ('text' in line ? line.text : ''));
    assert.ok(pieces.length > 1);
    assert.equal(pieces.join(''), 'text' in last ? last.text : undefined);
    const texts = async (seed: string) =>
      parseLines((await space.at.run(...args, '--seed', seed)).stdout).slice(0, -1);
    assert.deepEqual(await texts('5'), lines);
    assert.notDeepEqual(await texts('6'), lines);
  });

  it('puts the prompt into the chat template, unless it is told not to', async () => {
    writeCausalModel(
      space.at.path('llama'),
      '{% for m in messages %}blood {{ m.role }} {{ m.content }} {% endfor %}{% if add_generation_prompt %}green{% endif %}',
    );
    const promptTokens = async (...more: string[]) => {
      const args = ['generate', 'llama', '-p', 'sky', '--max-new-tokens', '1', '--json', ...more];
      const last = parseLines((await space.at.run(...args)).stdout).at(-1);
      return last && 'promptTokens' in last ? last.promptTokens : undefined;
    };
    assert.equal(await promptTokens(), 4);
    assert.equal(await promptTokens('--raw'), 1);
  });

  it('takes what is not given from generation_config.json', async () => {
    writeCausalModel(space.at.path('llama'));
    writeFileSync(space.at.path('llama', 'generation_config.json'), '{"max_new_tokens":3,"eos_token_id":[]}');
    const { stdout } = await space.at.run('generate', 'llama', '-p', 'sky', '--json');
    const last = parseLines(stdout).at(-1);
    assert.equal(last && 'tokens' in last && last.tokens, 3);
  });

  it('asks for a prompt that has something to go on from', async () => {
    writeCausalModel(space.at.path('causal'), '{% for m in messages %}{{ m.content }} {% endfor %}');
    const { code, stderr } = await space.at.run('generate', 'causal', '-p', '');
    assert.equal(code, 2);
    assert.match(stderr, /^error: The prompt is empty: .* --prompt\./);
  });

  it('says what is wrong with a model, a prompt or a flag', async () => {
    // What lies in the cache of this machine would be named too.
    space.at.env['HF_HOME'] = space.at.path('hub');
    writeCausalModel(space.at.path('llama'));
    const fails = async (args: string[], code: number, message: RegExp) => {
      const ended = await space.at.run('generate', ...args);
      assert.match(ended.stderr, message);
      assert.equal(ended.code, code);
    };
    await fails(['nowhere', '-p', 'x'], 1, /There is no model folder .*nowhere/);
    await fails(['model', '-p', 'x'], 1, /is of type bert, which does not go on with a text/);
    await fails(['', '-p', 'x'], 2, /needs MODEL, and it is empty/);
    await fails(
      ['run:nobody', '-p', 'x'],
      1,
      /There is no run "nobody" in .*\n.*or a run: none has finished here/,
    );
    await fails(['llama', '-p', 'sky '.repeat(70)], 1, /The prompt has 70 tokens, and the model reads 64/);
    await fails(
      ['llama', '-p', 'x', '--temperature', 'hot'],
      2,
      /--temperature takes a number from 0 to 100, not "hot"/,
    );
    await fails(['llama', '-p', 'x', '--max-new-tokens', '1.5'], 2, /--max-new-tokens takes a whole number/);
    space.at.config({ train: { max_steps: 1 } });
    const { code, stderr } = await space.at.run('run', 'intents.tune.yaml');
    assert.equal(code, 0, stderr);
    const meant = /next: Did you mean run:tiny\? There is run:tiny; a folder/;
    await fails(['run:tinny', '-p', 'x'], 1, meant);
    await fails(['tiny', '-p', 'x'], 1, meant);
    await fails(['run:tiny@2026', '-p', 'x'], 1, /No run "tiny" in .* has the id 2026/);
    await fails(['elsewhere', '-p', 'x'], 1, /next: There is run:tiny; a folder/);
    space.at.config({ train: { max_steps: 1 }, data: { max_length: 32 } }, [
      { run: 'unfit', extends: 'tiny', train: { learning_rate: 1e30, max_steps: 5 } },
    ]);
    assert.equal((await space.at.run('run', 'intents.tune.yaml', 'unfit')).code, 3);
    await fails(['run:unfit', '-p', 'x'], 1, /-unfit-.* has no model yet: it failed: /);
    const weights = readFileSync(space.at.path('llama', 'model.safetensors'));
    writeFileSync(space.at.path('llama', 'model.safetensors'), weights.fill(0xff, weights.length - 4000));
    await fails(['llama', '-p', 'sky'], 1, /its weights are damaged or overflow/);
  });
});
