import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { canonicalJson } from '../../src/runs/canonical-json.ts';
import { readRun } from '../../src/runs/read.ts';
import { lossesOf, manifestOf, statesOf, workspace, type Workspace } from './support/workspace.ts';

/** Values that must stand nowhere. The folders are where model and data lie, outside of the workspace's own names. */
const SECRET = 's3cret-0f-the-env';

const EVALUATION = {
  evaluate: 'worth-it',
  data: 'rows.test',
  candidates: { before: { model: '${env.MODELS}/model' }, after: { run: 'tiny' } },
};

/** A config whose model and data lie in folders that the environment names. */
function secretConfig(at: Workspace, train: object = {}): void {
  at.env['MODELS'] = at.path(`${SECRET}-models`);
  at.env['ROWS'] = `./${SECRET}-rows`;
  at.env['SEED'] = '11';
  at.env['LENGTH'] = '9';
  cpSync(at.path('model'), at.path(`${SECRET}-models`, 'model'), { recursive: true });
  cpSync(at.path('data'), at.path(`${SECRET}-rows`), { recursive: true });
  at.config(
    {
      dataset: { files: { train: '${env.ROWS}/train.csv', test: '${env.ROWS}/test.csv' } },
      model: { base: '${env.MODELS}/model' },
      data: { eval: 'rows.test', max_length: '${env.LENGTH}' },
      method: { lora: { r: 2, target_modules: ['query'] } },
      train: { seed: '${env.SEED}', report_to: 'all', save_steps: 2, save_strategy: 'steps', ...train },
    },
    [EVALUATION],
  );
}

/** Files below a folder that hold the secret. */
function leaks(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return files
    .map((each) => join(each.parentPath, each.name))
    .filter((file) => file.includes(SECRET) || readFileSync(file).includes(SECRET));
}

describe('values of the environment', () => {
  const space = workspace();

  it('are nowhere in the directory of a run, which goes on, restarts and is evaluated with those of the time', async () => {
    const { at } = space;
    secretConfig(at, { max_steps: 6, logging_steps: 1 });
    const { code, stderr } = await at.run('run', 'intents.tune.yaml', '--id', '20261124T170135Z-mine-1a2b');
    assert.equal(code, 0, stderr);
    const first = at.onlyRun();
    assert.deepEqual(leaks(first), []);
    const { config, configHash, environment, seed, datasets } = manifestOf(first);
    const text = JSON.stringify(config);
    for (const written of ['${env.MODELS}/model', '${env.ROWS}/train.csv', '"seed":"${env.SEED}"'])
      assert.ok(text.includes(written), written);
    assert.equal(configHash, createHash('sha256').update(canonicalJson(config)).digest('hex'));
    assert.deepEqual(environment?.masked, ['MODELS', 'ROWS']);
    assert.equal(seed, undefined);
    assert.equal(datasets[0]?.files[0]?.bytes, readFileSync(at.path('data/train.csv')).length);
    const adapter = readFileSync(join(first, 'output', 'adapter_config.json'), 'utf8');
    assert.match(adapter, /"base_model_name_or_path": "\$\{env\.MODELS\}\/model"/);

    const again = await at.run('restart', basename(first));
    assert.equal(again.code, 0, again.stderr);
    const second = at.runs().find((dir) => dir !== first) ?? '';
    assert.deepEqual(lossesOf(second), lossesOf(first), 'the same seed');
    assert.deepEqual(manifestOf(second).config, config);
    assert.equal(manifestOf(second).configHash, configHash);

    const evaluated = await at.run('evaluate', 'intents.tune.yaml');
    assert.equal(evaluated.code, 0, evaluated.stderr);
    const evaluation = at.runs().find((dir) => manifestOf(dir).kind === 'evaluate') ?? '';
    assert.match(
      readFileSync(join(evaluation, 'candidates.json'), 'utf8'),
      /"after": \{[^}]*"maxLength": 9,/,
      'the length that it was trained with',
    );
    assert.deepEqual(leaks(at.path('.tunebook', 'runs')), []);

    delete at.env['SEED'];
    delete at.env['MODELS'];
    const without = await at.run('restart', basename(first));
    assert.equal(without.code, 1);
    assert.match(without.stderr, /the variables MODELS, SEED are not set/);
    assert.match(without.stderr, /Set MODELS and SEED as when the run was started/);
  });

  it('are asked for again when a run that stopped goes on', async () => {
    const { at } = space;
    secretConfig(at, { max_steps: 600, save_strategy: 'no' });
    const run = at.startHeld(/"type":"metrics"/, ['run', 'intents.tune.yaml', '--json']);
    await run.line((line) => line.type === 'metrics');
    run.kill('SIGINT');
    await run.goOn();
    const dir = at.onlyRun();
    const models = at.env['MODELS'];
    delete at.env['MODELS'];
    const refused = await at.run('resume', 'tiny');
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /the variable MODELS is not set/);
    assert.equal(readRun(dir).state, 'stopped');
    at.env['MODELS'] = models;
    const resumed = await at.run('resume', 'tiny');
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.equal(statesOf(dir).at(-1), 'finished');
    assert.deepEqual(leaks(dir), []);
  });

  it('are not in what a check says of them', async () => {
    const { at } = space;
    at.env['TOKEN'] = SECRET;
    at.config({ model: { base: './${env.TOKEN}/model' }, train: { seed: '${env.TOKEN}', max_steps: 2 } });
    const { code, stdout, stderr } = await at.run('check', 'intents.tune.yaml', '--json');
    assert.equal(code, 1);
    assert.ok(!(stdout + stderr).includes(SECRET), stdout);
    assert.match(stdout, /There is no model folder `\.\/\$\{env\.TOKEN\}\/model`/);
    assert.match(stdout, /not the text \\"\$\{env\.TOKEN\}\\"/);
  });

  it('are nowhere in a sweep and its runs', async () => {
    const { at } = space;
    secretConfig(at);
    at.config(
      {
        dataset: { files: { train: '${env.ROWS}/train.csv', test: '${env.ROWS}/test.csv' } },
        model: { base: '${env.MODELS}/model' },
        data: { eval: 'rows.test' },
        train: { max_steps: 2, seed: '${env.SEED}' },
      },
      [{ sweep: 'rates', run: 'tiny', over: { 'train.learning_rate': [1e-4, 1e-3] }, metric: 'accuracy' }],
    );
    const { code, stderr } = await at.run('run', 'intents.tune.yaml', 'rates');
    assert.equal(code, 0, stderr);
    assert.equal(at.runs().length, 3);
    assert.deepEqual(leaks(at.path('.tunebook', 'runs')), []);
    for (const dir of at.runs())
      if (manifestOf(dir).kind === 'run')
        assert.equal(manifestOf(dir).environment?.places['/train/seed'], 'number');
  });
});
