import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { EvaluationResult } from '../../src/protocol/evaluation.ts';
import { listRuns } from '../../src/runs/list.ts';
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

  it('stops on Ctrl+C with its answers kept, and goes on behind the last one', async () => {
    const at = space.at;
    const candidates = { base: { model: 'model' }, same: { model: 'model' } };
    at.config({ dataset: { files: { train: 'data/train.csv', test: 'data/many.csv' } } }, [
      { ...EVALUATION, candidates },
    ]);
    at.write('data/many.csv', manyRows(8_000));
    const evaluation = at.start('evaluate', 'intents.tune.yaml', '--json');
    await evaluation.line((line) => line.type === 'progress' && 'done' in line && Number(line.done) > 0);
    evaluation.kill('SIGINT');
    assert.equal((await evaluation.ended()).code, 130);
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
