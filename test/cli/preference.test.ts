import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RunPlan } from '../../src/protocol/plan.ts';
import { sizeFacts } from '../../src/trainer/size-facts.ts';
import { parseLines, type JsonLine } from './support/tunebook.ts';
import { workspace } from './support/workspace.ts';

const BASE = fileURLToPath(new URL('../../../shared/models/stories260K/hf', import.meta.url));

/** A real model that learns to tell happy ends from sad ones. */
describe('tunebook run of a preference config', () => {
  const space = workspace();

  before(function () {
    if (existsSync(BASE)) return;
    process.stdout.write('    skipped: ../shared/models/stories260K is not there\n');
    this.skip();
  });

  function config(preference: object = { dpo: { beta: 0.2 } }): void {
    const pair = (name: string, thing: string) => ({
      prompt: `${name} saw a ${thing}. ${name} was`,
      chosen: ' happy and smiled.',
      rejected: ' sad and cried.',
    });
    const rows = (names: string[]) =>
      names
        .flatMap((name) => ['ball', 'dog', 'tree', 'cake'].map((thing) => JSON.stringify(pair(name, thing))))
        .join('\n');
    space.at.write('pairs.jsonl', rows(['Tom', 'Lily', 'Ben', 'Mia', 'Sam', 'Anna']));
    space.at.write('held-out.jsonl', rows(['Max', 'Sue']));
    const dataset = {
      dataset: 'pairs',
      files: { train: 'pairs.jsonl', test: 'held-out.jsonl' },
      format: 'preference',
    };
    const run = {
      run: 'prefer',
      model: { base: BASE, task: 'text-generation' },
      data: { train: 'pairs.train', eval: 'pairs.test', max_length: 48 },
      method: { lora: { r: 4, target_modules: 'all-linear' }, ...preference },
      train: { max_steps: 6, per_device_train_batch_size: 8, learning_rate: 1e-3 },
      target: { local: { device: 'cpu', threads: 2 } },
    };
    space.at.write(
      'pairs.tune.yaml',
      [dataset, run].map((each) => `${JSON.stringify(each)}\n`).join('---\n'),
    );
  }

  it('learns the chosen text whole with ORPO', async () => {
    config({ orpo: { beta: 0.5 } });
    const planned = await space.at.run('plan', 'pairs.tune.yaml');
    assert.match(
      planned.stdout,
      /label "chosen"\n +<s>⟦ ?Tom saw a ball\. Tom was happy and smiled\.<\/s>⟧\n/,
    );
    const { code, stdout, stderr } = await space.at.run('run', 'pairs.tune.yaml');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^ {2}nll_loss +\d/m);
    assert.match(stdout, /^ {2}eval_log_odds_chosen +-?\d/m);
  });

  it('plans it: both answers of a pair, with what counts of them', async () => {
    config();
    const { code, stdout, stderr } = await space.at.run('plan', 'pairs.tune.yaml');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^ {2}rows +24 of format preference$/m);
    assert.match(
      stdout,
      /label "chosen"\n.*⟦ happy and smiled\.<\/s>⟧\n.*label "rejected"\n.*⟦ sad and cried\.<\/s>⟧/,
    );
    assert.match(stdout, /^ {2}time +about/m);
  });

  it('counts the weights of the start, and what they are asked, for DPO alone', async () => {
    const plan = async (preference: object) => {
      config(preference);
      const { code, stdout, stderr } = await space.at.run('plan', 'pairs.tune.yaml', '--json', '--no-probe');
      assert.equal(code, 0, stderr);
      // SAFETY: the command says that this is what it prints.
      return (parseLines(stdout) as unknown as RunPlan[])[0]!;
    };
    const full = { lora: undefined, full: {} };
    const dpo = await plan({ ...full, dpo: {} });
    const orpo = await plan({ ...full, orpo: {} });
    assert.equal(orpo.stateMemory, 16 * orpo.parameters.total);
    assert.equal(dpo.stateMemory, 20 * dpo.parameters.total);
    assert.ok(dpo.batchMemory.used > orpo.batchMemory.used);
    const size = sizeFacts({
      folder: BASE,
      task: 'text-generation',
      method: { full: {}, dpo: {} },
      gradient_accumulation_steps: 1,
      optim: 'adamw_torch',
    });
    assert.equal(size?.stateMemory, dpo.stateMemory);
  });

  it('learns it, and writes an adapter', async () => {
    config();
    const { code, stdout, stderr } = await space.at.run('run', 'pairs.tune.yaml', '--json');
    assert.equal(code, 0, stderr);
    const events = parseLines(stdout);
    const values = events.flatMap((event) => (event.type === 'metrics' ? [numbersIn(event)] : []));
    const [first, last] = [values[0], values.at(-1)];
    assert.equal(first?.['rewards/margins'], 0);
    assert.ok(Math.abs((first?.['loss'] ?? 0) - Math.log(2)) < 1e-6);
    assert.ok((last?.['eval_rewards/margins'] ?? 0) > 0.5, JSON.stringify(last));
    assert.equal(last?.['eval_rewards/accuracies'], 1);
    const dir = space.at.onlyRun();
    assert.ok(readdirSync(`${dir}/output`).includes('adapter_model.safetensors'));
    assert.match(readFileSync(`${dir}/output/adapter_config.json`, 'utf8'), /"task_type": "CAUSAL_LM"/);
  });
});

function numbersIn(event: JsonLine): Record<string, number> {
  // SAFETY: a metrics event of a run that went well, whose values are numbers.
  return 'values' in event ? (event.values as Record<string, number>) : {};
}
