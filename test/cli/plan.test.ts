import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import type { RunPlan } from '../../src/protocol/plan.ts';
import { sizeFacts } from '../../src/trainer/size-facts.ts';
import { parseLines, type Tunebook } from './support/tunebook.ts';
import { workspace } from './support/workspace.ts';

describe('tunebook plan', () => {
  const space = workspace();

  it('says what a run would do, with the first rows, and starts nothing', async () => {
    space.at.config();
    const { code, stdout, stderr } = await space.at.run('plan', 'intents.tune.yaml');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^tiny would do this:\n {2}steps +6, \d+ an epoch/);
    assert.match(stdout, /^ {2}parameters +[\d,]+ trained of [\d,]+ \(100.0 %\)$/m);
    assert.match(stdout, /^ {2}time +about \d+ s \(\d+ ms a step, measured on 5\)/m);
    assert.match(stdout, /^1\. \d+ tokens, label "/m);
    assert.deepEqual(space.at.runs(), []);
  });

  it('gives the same as JSON, without measuring where that is not wanted', async () => {
    space.at.config({ method: { lora: { r: 2 } } });
    const { code, stdout } = await space.at.run('plan', 'intents.tune.yaml', 'tiny', '--json', '--no-probe');
    assert.equal(code, 0);
    // SAFETY: the command says that this is what it prints.
    const [plan] = parseLines(stdout) as unknown as RunPlan[];
    assert.equal(plan!.type, 'plan');
    assert.equal(plan!.steps, 6);
    assert.equal(plan!.probe, undefined);
    assert.ok(plan!.parameters.trained < plan!.parameters.total / 4);
    assert.equal(plan!.examples.length, 3);
  });

  it('takes what --set says for what the config says, and checks it', async () => {
    space.at.config();
    const plan = (...set: string[]) =>
      space.at.run(
        'plan',
        'intents.tune.yaml',
        '--json',
        '--no-probe',
        ...set.flatMap((each) => ['--set', each]),
      );
    const planned = await plan('train.max_steps=2', 'method.lora.r=2');
    assert.equal(planned.code, 0, planned.stderr);
    // SAFETY: the command says that this is what it prints.
    const [found] = parseLines(planned.stdout) as unknown as RunPlan[];
    assert.equal(found!.steps, 2);
    assert.ok(found!.parameters.trained < found!.parameters.total / 4);
    const wrong = await plan('train.weight_decay=-1');
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /`weight_decay` is -1; it takes a number from 0\./);
    const unknown = await plan('train.max_step=2');
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /`max_step` is not a field of `train`\./);
  });

  it('plans what `run` then does', async () => {
    space.at.config();
    const planned = await space.at.run('plan', 'intents.tune.yaml', '--json', '--no-probe');
    // SAFETY: the command says that this is what it prints.
    const [plan] = parseLines(planned.stdout) as unknown as RunPlan[];
    const { stdout } = await space.at.run('run', 'intents.tune.yaml', '--json');
    const steps = parseLines(stdout).filter(
      (event) => event['type'] === 'metrics' && event['split'] === 'train',
    );
    assert.equal(steps.length, plan!.steps);
  });

  it('counts parameters as the editor does from the headers of the weights alone', async () => {
    const methods = [
      undefined,
      { lora: { r: 3 } },
      { lora: { r: 8, target_modules: 'all-linear' } },
      { lora: { r: 8 }, quantization: { load_in_4bit: true } },
      { lora: { r: 8 }, quantization: { load_in_4bit: false } },
    ];
    for (const method of methods) {
      const train = { gradient_accumulation_steps: 2, optim: method ? 'adamw_torch' : 'adafactor' };
      space.at.config({ ...(method && { method }), train });
      const { stdout } = await space.at.run('plan', 'intents.tune.yaml', '--json', '--no-probe');
      // SAFETY: the command says that this is what it prints.
      const [plan] = parseLines(stdout) as unknown as RunPlan[];
      const size = sizeFacts({
        folder: space.at.path('model'),
        task: 'text-classification',
        num_labels: 5,
        method: method ?? { full: {} },
        ...train,
      });
      assert.deepEqual(size, { parameters: plan!.parameters, stateMemory: plan!.stateMemory });
    }
  });

  it('measures the memory that the run then takes, and counts no more than that without measuring', async function () {
    // The most that a process had is asked of Linux.
    if (process.platform !== 'linux') this.skip();
    const row = (words: number) => `${'li '.repeat(words)},alpha\n`;
    // One batch is much larger than the others, and not among the first.
    space.at.write('data/train.csv', `text,label\n${row(2).repeat(7000)}${row(60).repeat(1000)}`);
    space.at.config({
      data: { max_length: 40 },
      train: {
        per_device_train_batch_size: 1000,
        num_train_epochs: 1,
        max_steps: -1,
        train_sampling_strategy: 'sequential',
      },
    });
    const planned = await space.at.run('plan', 'intents.tune.yaml', '--json');
    assert.equal(planned.code, 0, planned.stderr);
    // SAFETY: the command says that this is what it prints.
    const [plan] = parseLines(planned.stdout) as unknown as RunPlan[];
    const peak = await peakOf(space.at.start('run', 'intents.tune.yaml'));
    const ratio = plan!.probe!.peakMemory / peak;
    assert.ok(ratio > 0.8 && ratio < 1.25, `${plan!.probe!.peakMemory} planned, ${peak} taken`);
    assert.ok(plan!.stateMemory + plan!.batchMemory.used < peak);
  });

  it('refuses a config with errors, as `run` does', async () => {
    space.at.config({ train: { learning_rte: 1 } });
    const { code, stderr } = await space.at.run('plan', 'intents.tune.yaml');
    assert.equal(code, 1);
    assert.match(stderr, /Did you mean `learning_rate`/);
  });
});

/** The most bytes that a process had, once it has ended. */
async function peakOf(run: Tunebook): Promise<number> {
  let peak = 0;
  const timer = setInterval(() => {
    const status = existsSync(`/proc/${run.child.pid}/status`)
      ? readFileSync(`/proc/${run.child.pid}/status`, 'utf8')
      : '';
    peak = Math.max(peak, 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
  }, 10);
  const { code, stderr } = await run.ended();
  assert.equal(code, 0, stderr);
  clearInterval(timer);
  return peak;
}
