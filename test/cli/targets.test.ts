import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EvaluationResult } from '../../src/protocol/evaluation.ts';
import { parseLines } from './support/tunebook.ts';
import { eventsOf, workspace } from './support/workspace.ts';

const LETTERS = ['ba', 'be', 'bi', 'bo', 'bu', 'da', 'de'];
const OTHERS = ['fa', 'fe', 'fi', 'fo', 'fu', 'ga', 'ge', 'gi'];
/** A model without a head for classes. */
const BASE = fileURLToPath(new URL('../fixtures/parity/bert-mlm', import.meta.url));
const TEXTS = Array.from({ length: 48 }, (_, i) =>
  [LETTERS[i % 7], LETTERS[(3 * i) % 5], OTHERS[i % 8], OTHERS[Math.floor(i / 8)]].join(' '),
);
const has = (text: string, word: string) => text.split(' ').includes(word);
const ARGUMENTS = { max_steps: 80, learning_rate: 0.01, eval_strategy: 'steps', eval_steps: 40 };

/** An evaluation beside the untuned model, and what came of it. */
const evaluation = (metrics: string[]) => ({
  evaluate: 'worth-it',
  data: 'rows.test',
  candidates: { base: { model: BASE }, tuned: { run: 'tiny' } },
  metrics,
});

describe('texts with several labels, and with a number', () => {
  const space = workspace();

  it('are trained on, evaluated and told: several labels', async () => {
    const at = space.at;
    const lines = TEXTS.map((text) =>
      JSON.stringify({ text, labels: ['ba', 'be'].filter((word) => has(text, word)) }),
    );
    at.write('data/train.jsonl', `${lines.slice(0, 32).join('\n')}\n`);
    at.write('data/test.jsonl', `${lines.slice(32).join('\n')}\n`);
    at.config(
      {
        dataset: {
          files: { train: 'data/train.jsonl', test: 'data/test.jsonl' },
          format: 'multi-label-classification',
          columns: {},
        },
        model: { base: BASE, num_labels: 2, problem_type: 'multi_label_classification' },
        data: { eval: 'rows.test' },
        train: ARGUMENTS,
      },
      [evaluation(['micro_f1', 'macro_f1', 'samples_f1', 'accuracy', 'hamming_loss'])],
    );
    const plan = await at.run('plan', 'intents.tune.yaml');
    assert.equal(plan.code, 0, plan.stderr);
    const run = await at.run('run', 'intents.tune.yaml');
    assert.equal(run.code, 0, run.stderr);
    const dir = at.onlyRun();
    const config: unknown = JSON.parse(readFileSync(join(dir, 'output', 'config.json'), 'utf8'));
    assert.partialDeepStrictEqual(config, {
      problem_type: 'multi_label_classification',
      id2label: { 0: 'ba', 1: 'be' },
      architectures: ['BertForSequenceClassification'],
    });
    const measured = eventsOf(dir).filter(
      (event) => event.type === 'metrics' && 'eval_samples_f1' in event.values,
    );
    assert.ok(measured.length >= 2);
    const words = await at.run('evaluate', 'intents.tune.yaml');
    assert.equal(words.code, 0, words.stderr);
    assert.match(words.stdout, /tuned − base +micro-F1/);
    const json = await at.run('evaluate', 'intents.tune.yaml', '--json');
    // SAFETY: the fields are asserted below.
    const result = parseLines(json.stdout).at(-1) as unknown as EvaluationResult;
    const [base, tuned] = ['base', 'tuned'].map((name) => result.candidates[name]!['micro_f1']!.value);
    assert.ok(tuned! > base! + 0.1, JSON.stringify(result.candidates));
    assert.deepEqual(
      result.perLabel?.['tuned']?.map(({ label }) => label),
      ['ba', 'be'],
    );
  });

  it('are trained on, evaluated and told: a number', async () => {
    const at = space.at;
    const rows = TEXTS.map(
      (text) => `${text},${(Number(has(text, 'ba')) + 0.5 * Number(has(text, 'be'))).toFixed(2)}`,
    );
    at.write('data/train.csv', `text,label\n${rows.slice(0, 32).join('\n')}\n`);
    at.write('data/test.csv', `text,label\n${rows.slice(32).join('\n')}\n`);
    at.config(
      {
        dataset: { format: 'regression' },
        model: { base: BASE, num_labels: 1 },
        data: { eval: 'rows.test' },
        method: { lora: { r: 4, target_modules: ['query', 'value'] } },
        train: { ...ARGUMENTS, learning_rate: 0.005 },
      },
      [evaluation(['pearson', 'spearmanr', 'mse', 'mae', 'r2'])],
    );
    const run = await at.run('run', 'intents.tune.yaml');
    assert.equal(run.code, 0, run.stderr);
    const config: unknown = JSON.parse(readFileSync(join(at.onlyRun(), 'output', 'config.json'), 'utf8'));
    assert.partialDeepStrictEqual(config, { problem_type: 'regression', id2label: { 0: 'LABEL_0' } });
    const json = await at.run('evaluate', 'intents.tune.yaml', '--json');
    assert.equal(json.code, 0, json.stderr);
    // SAFETY: the fields are asserted below.
    const result = parseLines(json.stdout).at(-1) as unknown as EvaluationResult;
    assert.ok(result.candidates['tuned']!['pearson']!.value > 0.8, JSON.stringify(result.candidates));
    assert.equal(result.pairs.length, 5);
  });

  it('are checked: wrong numbers with their line, settings that do not go with them, candidates of another kind', async () => {
    const at = space.at;
    at.write('data/train.csv', 'text,label\nba,1\nbe,high\nbi,\n');
    at.config({
      dataset: { format: 'regression', files: { train: 'data/train.csv' } },
      model: { num_labels: 5 },
      train: { label_smoothing_factor: 0.1 },
    });
    const bad = await at.run('check', 'intents.tune.yaml');
    assert.equal(bad.code, 1);
    const said = bad.stdout + bad.stderr;
    assert.match(said, /train\.csv:3.*has "high" in the column "label", which is no number/);
    assert.match(said, /train\.csv:4.*has no number in the column "label"/);
    assert.match(said, /`num_labels` is 5, but a regression gives one number/);
    assert.match(said, /`label_smoothing_factor` has no effect/);
    at.write('data/train.csv', 'text,label\nba,1\nbe,2\n');
    at.write('data/test.csv', 'text,label\nbi,1\nbo,2\n');
    at.config({ dataset: { format: 'regression' }, model: { num_labels: 1 } }, [
      { prompt: 'ask', template: '{{ text }}' },
      { ...evaluation(['mae']), candidates: { asked: { model: BASE, prompt: 'ask' } } },
    ]);
    const asked = await at.run('evaluate', 'intents.tune.yaml');
    assert.notEqual(asked.code, 0);
    assert.match(asked.stdout + asked.stderr, /the candidate "asked" writes its answers/);
  });
});
