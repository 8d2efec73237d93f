import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { EvaluationResult } from '../../src/protocol/evaluation.ts';
import { listRuns } from '../../src/runs/list.ts';
import { writeCausalModel } from '../support/causal-model.ts';
import { parseLines } from './support/tunebook.ts';
import { eventsOf, manyRows, statesOf, workspace } from './support/workspace.ts';

const EVALUATION = {
  evaluate: 'worth-it',
  data: 'rows.test',
  candidates: { base: { model: 'model' }, tuned: { run: 'tiny' } },
  metrics: ['accuracy', 'macro_f1', 'latency'],
};

describe('tunebook evaluate', () => {
  const space = workspace();

  it('compares the base with the tuned model, in words and as JSON', async () => {
    const at = space.at;
    at.config({ train: { max_steps: 60, learning_rate: 0.005 } }, [EVALUATION]);
    const run = await at.run('run', 'intents.tune.yaml');
    assert.equal(run.code, 0, run.stderr);
    assert.match(run.stdout, /^Next: tunebook evaluate intents\.tune\.yaml worth-it /m);
    const words = await at.run('evaluate', 'intents.tune.yaml');
    assert.equal(words.code, 0, words.stderr);
    assert.match(words.stdout, /rows\.test, 29 examples, each interval 95 %/);
    assert.match(words.stdout, /^base +[\d.]+ % \([\d.]+ to [\d.]+\)/m);
    assert.match(words.stdout, /^tuned − base +accuracy /m);
    const json = await at.run('evaluate', 'intents.tune.yaml', 'worth-it', '--json');
    assert.equal(json.code, 0);
    const dir = listRuns(at.folder)[0]?.dir ?? '';
    assert.deepEqual(statesOf(dir), ['queued', 'preparing', 'evaluating', 'finished']);
    assert.ok(json.stdout.startsWith(readFileSync(`${dir}/events.jsonl`, 'utf8')));
    // SAFETY: the fields are asserted below.
    const result = parseLines(json.stdout).at(-1) as unknown as EvaluationResult;
    assert.equal(result.type, 'result');
    assert.deepEqual(Object.keys(result.candidates), ['base', 'tuned']);
    assert.equal(result.candidates['tuned']?.['accuracy']?.n, 29);
    assert.equal(eventsOf(dir).filter(({ type }) => type === 'evaluation').length, 1);
    const shown = await at.run('show', 'worth-it');
    assert.match(shown.stdout, /^Evaluation\nrows\.test, 29 examples/m);
  });

  it('judges the objectives of its file, and fails with a code of its own when one is not met', async () => {
    const at = space.at;
    const documents = (bound: string) => [
      { ...EVALUATION, candidates: { base: { model: 'model' } } },
      { objective: 'ship-it', evaluate: 'worth-it', accept: { accuracy: bound } },
    ];
    at.config({}, documents('>= 0.999'));
    const unmet = await at.run('evaluate', 'intents.tune.yaml');
    assert.equal(unmet.code, 4, unmet.stderr);
    assert.match(unmet.stdout, /^objective ship-it is not met by base: accuracy [\d.]+ is not >= 0\.999$/m);
    at.config({}, documents('>= 0'));
    const met = await at.run('evaluate', 'intents.tune.yaml', '--json');
    assert.equal(met.code, 0, met.stderr);
    // SAFETY: the field is asserted below.
    const { objectives } = parseLines(met.stdout).at(-1) as unknown as EvaluationResult;
    assert.equal(objectives?.[0]?.met, true);
    assert.deepEqual(objectives[0].checks[0]?.comparison, '>=');
  });

  it('asks a model that writes by a prompt, beside the classifier that was tuned', async () => {
    const at = space.at;
    writeCausalModel(at.path('llama'));
    const candidates = {
      prompted: { model: 'llama', prompt: 'few-shot' },
      tuned: { run: 'tiny' },
    };
    at.config({}, [
      {
        prompt: 'few-shot',
        template: 'of {{ text }} it is',
        examples: { data: 'rows.train', count: 2 },
      },
      { ...EVALUATION, candidates },
    ]);
    const run = await at.run('run', 'intents.tune.yaml');
    assert.equal(run.code, 0, run.stderr);
    const { code, stdout, stderr } = await at.run('evaluate', 'intents.tune.yaml');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^tuned − prompted +accuracy /m);
    const shown = await at.run('show', 'worth-it', '--json');
    assert.equal(shown.code, 0);
  });

  it('stops on Ctrl+C with its answers kept, and goes on behind the last one', async () => {
    const at = space.at;
    const candidates = { base: { model: 'model' }, same: { model: 'model' } };
    at.config({ dataset: { files: { train: 'data/train.csv', test: 'data/many.csv' } } }, [
      { ...EVALUATION, candidates },
    ]);
    at.write('data/many.csv', manyRows(2_000));
    const command = ['evaluate', 'intents.tune.yaml', '--json'];
    // On a fast clock, which tells of every batch.
    const evaluation = at.startHeld(/"phase":"evaluate","done":[1-9]/, command, { clock: 10_000 });
    await evaluation.line((line) => line.type === 'progress' && 'done' in line && Number(line.done) > 0);
    evaluation.kill('SIGINT');
    assert.equal((await evaluation.goOn()).code, 130);
    const dir = at.onlyRun();
    assert.equal(statesOf(dir).at(-1), 'stopped');
    const resumed = await at.run('resume', 'worth-it', '--json');
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.equal(parseLines(resumed.stdout).at(-1)?.type, 'result');
    assert.equal(statesOf(dir).at(-1), 'finished');
  });

  it('says which run must be made first', async () => {
    space.at.config({}, [EVALUATION]);
    const { code, stderr } = await space.at.run('evaluate', 'intents.tune.yaml');
    assert.ok(code === 1 || code === 3);
    assert.match(stderr, /tunebook run .*tiny/);
  });
});
