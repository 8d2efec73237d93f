import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DpoConfig, TrainingArguments } from '../../src/language/resolved.ts';
import { fromWire } from '../../src/protocol/numbers.ts';
import { newRun, ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { DPO_LOSSES } from '../../src/trainer/graph/ops/preference.ts';
import { startFromAdapter } from './support/adapter-start.ts';
import { absoluteDeviation, relativeDeviation } from './support/deviation.ts';
import { resolvedRun } from './support/resolved-run.ts';
import { metrics, trainInFolder, trainMetric } from './support/train-in-folder.ts';

/** What TRL's DPOTrainer made of a case, one number a step (python/make_dpo_fixtures.py). */
interface DpoCase {
  rows: 'text' | 'chat';
  arguments: Partial<TrainingArguments> &
    Partial<Omit<DpoConfig, 'loss_type'>> & {
      max_length: number;
      loss_type?: [DpoConfig['loss_type']];
    };
  loss: number[];
  grad_norm: number[];
  eval: Record<string, number>;
}

const FOLDER = fileURLToPath(new URL('../fixtures/dpo', import.meta.url));
const LORA = { r: 4, lora_alpha: 8, target_modules: ['q_proj', 'v_proj'] };
const REWARDS = ['chosen', 'rejected', 'accuracies', 'margins'].map((name) => `rewards/${name}`);
const LOSSES = DPO_LOSSES.filter((loss) => loss !== 'sigmoid');
const CASES = ['full', 'lora', 'chat', 'accumulation', 'precomputed', ...LOSSES];

describe('preference runs, beside TRL’s DPOTrainer', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();

  for (const name of CASES) {
    it(`${name}: every loss, gradient norm and reward, and the evaluation`, async () => {
      const reference = readCase(name);
      const run = runOf(reference, name === 'lora');
      const dir = newRun(workspace.path);
      // PEFT drew the adapter at random: the run starts from what it drew.
      if (name === 'lora') await startFromAdapter(dir, run, join(FOLDER, 'lora'));

      const { events, outcome } = await trainInFolder(workspace.path, run, { dir, resume: name === 'lora' });
      assert.equal(outcome.state, 'finished');
      const of = (metric: string) => trainMetric(events, metric);
      assert.equal(of('loss').length, reference.loss.length);
      const deviations = {
        loss: relativeDeviation(of('loss'), reference.loss),
        grad_norm: relativeDeviation(of('grad_norm'), reference.grad_norm),
      };
      assert.ok(deviations.loss < 1e-5, JSON.stringify(deviations));
      assert.ok(deviations.grad_norm < 1e-5, JSON.stringify(deviations));
      // Of several batches TRL averages their means, and ours is the mean over all tokens.
      const logits = name === 'accumulation' ? [] : ['logits/chosen', 'logits/rejected'];
      for (const metric of [...REWARDS, 'logps/chosen', 'logps/rejected', ...logits])
        assert.ok(absoluteDeviation([of(metric)], [numbersOf(reference, metric)]) < 2e-4, metric);

      const evaluation = metrics(events, 'eval').at(-1)!.values;
      for (const [metric, value] of Object.entries(reference.eval))
        assert.ok(Math.abs(fromWire(evaluation[metric]!) - value) < 2e-4, metric);
      // A training that changed nothing would agree too.
      assert.ok(Math.abs(reference.loss.at(-1)! - reference.loss[0]!) > 0.01);
    });
  }
});

function runOf({ rows, arguments: given }: DpoCase, lora: boolean) {
  const {
    beta,
    label_smoothing,
    precompute_ref_log_probs,
    loss_type,
    max_length,
    optim: _,
    ...train
  } = given;
  const settings = { beta, label_smoothing, precompute_ref_log_probs, loss_type: loss_type?.[0] };
  const dpo = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  return resolvedRun({
    base: join(FOLDER, 'base'),
    task: 'text-generation',
    format: 'preference',
    train: join(FOLDER, `${rows}.jsonl`),
    eval: join(FOLDER, 'eval.jsonl'),
    maxLength: max_length,
    method: lora ? { lora: LORA, dpo } : { full: {}, dpo },
    arguments: { ...train, train_sampling_strategy: 'sequential', save_strategy: 'no' },
  });
}

function readCase(name: string): DpoCase {
  // SAFETY: made by python/make_dpo_fixtures.py, which writes this shape.
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as DpoCase;
}

function numbersOf(made: DpoCase, metric: string): number[] {
  const value: unknown = Reflect.get(made, metric);
  assert.ok(Array.isArray(value), metric);
  return value.map(Number);
}
