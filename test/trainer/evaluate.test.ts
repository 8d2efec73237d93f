import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvaluationCandidates } from '../../src/protocol/evaluation-candidates.ts';
import { readEvents } from '../../src/runs/events.ts';
import { newRun, ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import {
  changedModel,
  evaluateInFolder,
  finishedRun,
  resolvedEvaluate,
  type EvaluatedFolder,
} from './support/evaluate-in-folder.ts';
import { fixtureFolder, readCase } from './support/fixture.ts';
import { resolvedRun } from './support/resolved-run.ts';
import { metrics } from './support/train-in-folder.ts';

const CLASSIFIER = fixtureFolder('bert-classifier');
const BASE = fixtureFolder('bert-mlm');
const ROWS = join(CLASSIFIER, 'train.csv');
const LABELS = ['alpha', 'bravo', 'charlie', 'delta', 'echo'];

describe('an evaluation of an untuned base, a full run, an adapter and a tuned folder', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  let evaluated: EvaluatedFolder;
  const runs: Record<string, string> = {};

  before(async function () {
    this.timeout(300_000);
    const train = {
      train: ROWS,
      eval: ROWS,
      arguments: { max_steps: 120, learning_rate: 3e-3, eval_strategy: 'no' },
    } as const;
    runs['full'] = await finishedRun(workspace.path, {
      ...resolvedRun({ ...train, base: BASE, maxLength: 24 }),
      name: 'intents-full',
    });
    const lora = { r: 8, target_modules: ['query', 'value'] };
    runs['lora'] = await finishedRun(workspace.path, {
      ...resolvedRun({ ...train, base: BASE, maxLength: 12, method: { lora } }),
      name: 'intents-lora',
    });
    const evaluation = resolvedEvaluate(workspace.path, {
      candidates: {
        base: { model: BASE },
        full: { run: 'intents-full' },
        lora: { run: `intents-lora@${runs['lora'].split('/').at(-1)}` },
        tuned: { model: CLASSIFIER },
      },
      file: ROWS,
    });
    evaluated = await evaluateInFolder(workspace.path, evaluation);
  });

  it('finishes with a result that stands in result.json and in the evaluation event', () => {
    const { outcome, dir, events } = evaluated;
    assert.equal(outcome.state, 'finished');
    assert.deepEqual(JSON.parse(readFileSync(join(dir, 'result.json'), 'utf8')), outcome.result);
    const event = events.find((each) => each.type === 'evaluation');
    assert.deepEqual(event?.name, 'is-it-worth-it');
    assert.deepEqual(event.result, outcome.result);
    assert.deepEqual(
      events.flatMap((each) => (each.type === 'state' ? [each.state] : [])),
      ['preparing', 'evaluating', 'finished'],
    );
    const progress = events.filter((each) => each.type === 'progress');
    assert.deepEqual(progress.at(-1), { ...progress.at(-1), phase: 'evaluate', done: 4 * 76, total: 4 * 76 });
  });

  it('measures a run as the run measured itself at its end', () => {
    for (const name of ['full', 'lora']) {
      const own = metrics(readEvents(runs[name]!).events, 'eval').at(-1)!.values;
      const measured = evaluated.outcome.result!.candidates[name]!;
      assert.equal(measured['accuracy']!.value, own['eval_accuracy']);
      assert.equal(measured['macro_f1']!.value, own['eval_macro_f1']);
      assert.ok(measured['accuracy']!.value > 0.4, `${name} learned something`);
    }
  });

  it('gives the answers and probabilities that transformers gives', () => {
    const { logits_before } = readCase('bert-classifier', 'full');
    logits_before.forEach((logits, row) => {
      const { output, score, correct } = evaluated.records[row]!.outputs['tuned']!;
      const best = logits.indexOf(Math.max(...logits));
      assert.equal(output, LABELS[best]);
      assert.equal(correct, evaluated.records[row]!.reference === output);
      const sum = logits.reduce((total, logit) => total + Math.exp(logit - logits[best]!), 0);
      // Logits agree to 1e-5; a probability moves by a quarter of that at most.
      assert.ok(Math.abs(score - 1 / sum) < 1e-5);
    });
  });

  it('keeps every example with its place, its text and every answer', () => {
    const { records } = evaluated;
    assert.equal(records.length, 76);
    const [, first] = readFileSync(ROWS, 'utf8').split('\n');
    assert.equal(`${records[0]!.input},${records[0]!.reference}`, first);
    for (const [row, record] of records.entries()) {
      assert.equal(record.index, row);
      assert.equal(record.source, `${ROWS}:${row + 2}`);
      assert.deepEqual(Object.keys(record.outputs).sort(), ['base', 'full', 'lora', 'tuned']);
      for (const { score, latency, correct, output } of Object.values(record.outputs)) {
        assert.ok(score >= 1 / LABELS.length && score <= 1 && latency > 0);
        assert.equal(correct, output === record.reference);
      }
    }
  });

  it('says that the head of the base is random, with the result and as a warning, and of no other', () => {
    const { sources } = evaluated.outcome.result!;
    assert.match(sources!['base']!.notes![0]!, /^its head \(classifier, pooler\) is random/);
    assert.deepEqual(sources!['tuned'], { folder: CLASSIFIER });
    const random = evaluated.warnings.filter(({ code }) => code === 'evaluate/random-head');
    assert.equal(random.length, 1);
    assert.match(random[0]!.message, /"base" .* its head .* is random/);
  });

  it('reads as many tokens as each run was trained on, and a folder as many as its model takes', () => {
    // SAFETY: evaluate() wrote it.
    const { candidates, labels } = JSON.parse(
      readFileSync(join(evaluated.dir, 'candidates.json'), 'utf8'),
    ) as EvaluationCandidates;
    assert.deepEqual(
      Object.values(candidates).map(({ maxLength }) => maxLength),
      [40, 24, 12, 40],
    );
    assert.deepEqual(labels, LABELS);
    assert.equal(candidates['full']!.run, runs['full']!.split('/').at(-1));
    // An adapter answers with its own files and with those of its base.
    const names = candidates['lora']!.files.map(({ path }) => path.split('/').slice(-2).join('/'));
    assert.ok(
      names.includes('output/adapter_model.safetensors') && names.includes('bert-mlm/model.safetensors'),
    );
    const cut = evaluated.warnings.find(({ code }) => code === 'data/truncated');
    assert.match(cut!.message, /^"lora" reads 12 tokens: the end of \d+ of 76 examples/);
  });

  it('compares every pair, and says in a sentence what came out', () => {
    const { pairs, verdict } = evaluated.outcome.result!;
    assert.equal(pairs.length, 12);
    assert.match(verdict, /^(full|lora) beats .*base by \d+\.\d points of accuracy \(95 % CI .*, n = 76\)/);
  });

  it('gives the same result from its records alone, and loads no model for it', async () => {
    const evaluation = resolvedEvaluate(workspace.path, {
      candidates: {
        base: { model: BASE },
        full: { run: 'intents-full' },
        lora: { run: 'intents-lora' },
        tuned: { model: CLASSIFIER },
      },
      file: ROWS,
    });
    const again = await evaluateInFolder(workspace.path, evaluation, { dir: evaluated.dir });
    assert.deepEqual(again.outcome.result, evaluated.outcome.result);
    assert.equal(again.warnings.length, evaluated.warnings.length, 'warnings are not said twice');
  });
});

describe('labels of an evaluation', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  const evaluateOf = (candidates: Record<string, { model: string }>, labels?: string[]) =>
    evaluateInFolder(workspace.path, resolvedEvaluate(workspace.path, { candidates, file: ROWS, labels }));

  it('are matched by name: a head in another order gives the same answers', async () => {
    const order = [3, 0, 4, 1, 2];
    const shuffled = changedModel(CLASSIFIER, join(workspace.path, 'shuffled'), {
      config: (fields) => ({
        ...fields,
        id2label: Object.fromEntries(order.map((label, id) => [id, LABELS[label]])),
      }),
      weights: (tensors) => {
        for (const name of ['classifier.weight', 'classifier.bias']) {
          const { shape, data } = tensors.get(name)!;
          const width = data.length / order.length;
          const rows = order.map((label) => [...data.subarray(label * width, (label + 1) * width)]);
          tensors.set(name, { shape, data: Float32Array.from(rows.flat()) });
        }
      },
    });
    const { records, outcome } = await evaluateOf({
      plain: { model: CLASSIFIER },
      shuffled: { model: shuffled },
    });
    for (const { outputs } of records) {
      assert.equal(outputs['shuffled']!.output, outputs['plain']!.output);
      assert.equal(outputs['shuffled']!.score, outputs['plain']!.score);
    }
    assert.ok(new Set(records.map(({ outputs }) => outputs['plain']!.output)).size > 1);
    assert.equal(outcome.result!.pairs[0]!.difference, 0);
    assert.deepEqual(outcome.result!.confusion!['plain']!.labels, LABELS);
  });

  it('stand in the order of `labels:` where the data set lists them', async () => {
    const listed = LABELS.toReversed();
    const { outcome, records } = await evaluateOf({ plain: { model: CLASSIFIER } }, listed);
    const { labels, counts } = outcome.result!.confusion!['plain']!;
    assert.deepEqual(labels, listed);
    const right = records.filter(({ outputs }) => outputs['plain']!.correct).length;
    assert.equal(
      counts.reduce((sum, row, i) => sum + row[i]!, 0),
      right,
    );
  });

  it('are matched by place, with a warning, where a head names none', async () => {
    const unnamed = changedModel(CLASSIFIER, join(workspace.path, 'unnamed'), {
      config: (fields) => ({
        ...fields,
        id2label: Object.fromEntries(LABELS.map((_, id) => [id, `LABEL_${id}`])),
      }),
    });
    const { records, warnings } = await evaluateOf({
      plain: { model: CLASSIFIER },
      unnamed: { model: unnamed },
    });
    for (const { outputs } of records) assert.equal(outputs['unnamed']!.output, outputs['plain']!.output);
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['evaluate/labels-by-place'],
    );
    assert.match(warnings[0]!.message, /"unnamed" .*: 0 is "alpha", 1 is "bravo", 2 is "charlie", …\./);
  });

  it('must be the same for all candidates', async () => {
    const other = changedModel(CLASSIFIER, join(workspace.path, 'other'), {
      config: (fields) => ({
        ...fields,
        id2label: Object.fromEntries(
          ['alpha', 'bravo', 'charlie', 'delta', 'foxtrot'].map((label, id) => [id, label]),
        ),
      }),
    });
    await assert.rejects(evaluateOf({ plain: { model: CLASSIFIER }, other: { model: other } }), {
      code: 'evaluate/labels-differ',
      message:
        '"plain" and "other" have different labels: only "plain" has "echo"; only "other" has "foxtrot".',
    });
  });
});

describe('an evaluation of a run that has no run.json to read', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();

  it('says which length it takes instead', async () => {
    const run = {
      ...resolvedRun({ base: CLASSIFIER, train: ROWS, arguments: { max_steps: 1 } }),
      name: 'plain',
    };
    const dir = await finishedRun(workspace.path, run);
    const bare = newRun(workspace.path, { name: 'bare', config: {} });
    cpSync(join(dir, 'output'), join(bare, 'output'), { recursive: true });
    cpSync(join(dir, 'events.jsonl'), join(bare, 'events.jsonl'));
    const evaluation = resolvedEvaluate(workspace.path, {
      candidates: { bare: { run: 'bare' } },
      file: ROWS,
    });
    const { warnings } = await evaluateInFolder(workspace.path, evaluation);
    assert.match(warnings[0]!.message, /does not say its max_length, so "bare" reads up to 40 tokens/);
  });
});
