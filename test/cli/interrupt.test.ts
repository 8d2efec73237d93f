import assert from 'node:assert/strict';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { DeviceQueue } from '../../src/runs/device-queue.ts';
import { eventually, openFiles, showsProcesses } from '../server/support/children.ts';
import { assertNoStack, type Tunebook } from './support/tunebook.ts';
import { eventsOf, lossesOf, manyRows, statesOf, summaryOf, workspace } from './support/workspace.ts';

/** Steps that are long enough to be interrupted in the middle, with whatever a machine does between two batches of one. */
const LONG_STEPS = { max_steps: 50, per_device_train_batch_size: 8192, gradient_accumulation_steps: 3 };

/** Waits until a process reads a file; where the system does not show that, for as long as most take to begin. */
async function isReading({ child }: Tunebook, path: string): Promise<void> {
  if (!showsProcesses) return setTimeout(500);
  const real = realpathSync(path);
  await eventually(`${path} is read`, () => openFiles(child.pid).includes(real));
}

describe('Ctrl+C', () => {
  const space = workspace();

  async function interrupted(run: Tunebook, signal: NodeJS.Signals = 'SIGINT') {
    run.kill(signal);
    const ended = await run.goOn();
    assertNoStack(ended);
    assert.equal(ended.code, 130, ended.stderr);
    assert.equal(ended.signal, null);
    return ended;
  }

  for (const command of [['check'], ['run', '--json']] as const) {
    it(`while \`${command[0]}\` checks: nothing is started`, async () => {
      space.at.config({ dataset: { files: { train: 'data/many.csv' } } });
      space.at.write('data/many.csv', manyRows(400_000));
      const started = space.at.start(...command, 'intents.tune.yaml');
      await isReading(started, space.at.path('data/many.csv'));
      const { stderr } = await interrupted(started);
      assert.match(stderr, /^Interrupted\. Nothing was started\.$/m);
      assert.deepEqual(space.at.runs(), []);
    });
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`while \`plan\` takes its steps (${signal}): it ends within one of them`, async () => {
      space.at.config({ dataset: { files: { train: 'data/many.csv' } }, train: LONG_STEPS });
      space.at.write('data/many.csv', manyRows(10_000));
      const before = readdirSync(space.at.folder, { recursive: true });
      const started = performance.now();
      const plan = space.at.start('plan', 'intents.tune.yaml', '--json');
      await plan.said(/^Measuring/m);
      const began = performance.now();
      plan.kill(signal);
      const ended = await plan.ended();
      // All the steps take longer than what comes before them, on any machine.
      assert.ok(performance.now() - began < began - started);
      assert.deepEqual([ended.code, ended.signal, ended.stdout], [null, signal, '']);
      assert.deepEqual(readdirSync(space.at.folder, { recursive: true }), before);
    });
  }

  it('while a run waits for its device: it leaves the queue', async () => {
    space.at.config();
    process.env['TUNEBOOK_RUNTIME_DIR'] = space.at.env['TUNEBOOK_RUNTIME_DIR'];
    const queue = new DeviceQueue('cpu');
    const release = queue.lock.tryAcquire('20260101T000000Z-holder-0000', '/nowhere');
    try {
      const run = space.at.start('run', 'intents.tune.yaml', '--json');
      await run.line((line) => line.type === 'state' && 'reason' in line);
      assert.equal(queue.waiting().length, 1);
      await interrupted(run);
      assert.deepEqual(queue.waiting(), []);
      assert.deepEqual(statesOf(space.at.onlyRun()), ['queued', 'stopped']);
    } finally {
      release?.();
      delete process.env['TUNEBOOK_RUNTIME_DIR'];
    }
  });

  it('while a run reads its data', async () => {
    space.at.config({ dataset: { files: { train: 'data/many.csv' } } });
    space.at.write('data/many.csv', manyRows(150_000));
    const run = space.at.start('run', 'intents.tune.yaml', '--json');
    await run.state('preparing');
    await interrupted(run);
    const dir = space.at.onlyRun();
    assert.deepEqual(statesOf(dir), ['queued', 'preparing', 'stopped']);
    assert.equal(summaryOf(dir).reason, 'Interrupted with Ctrl+C.');
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`while a run trains (${signal}): a checkpoint is saved, and a resume ends where it would have ended`, async () => {
      space.at.config({ train: { max_steps: 300, lr_scheduler_type: 'linear', warmup_steps: 10 } });
      const run = space.at.startHeld(/"type":"metrics"/, ['run', 'intents.tune.yaml', '--json']);
      await run.line((line) => line.type === 'metrics');
      const { stdout } = await interrupted(run, signal);
      const stopped = space.at.onlyRun();
      assert.deepEqual(statesOf(stopped), ['queued', 'preparing', 'running', 'stopping', 'stopped']);
      const { checkpoint, step } = summaryOf(stopped);
      assert.ok(step < 300 && checkpoint?.step === step);
      assert.match(stdout, /"type":"finished",.*"state":"stopped"/);
      if (signal !== 'SIGINT') return;
      const resumed = await space.at.run('resume', 'tiny');
      assert.equal(resumed.code, 0, resumed.stderr);
      assert.equal((await space.at.run('run', 'intents.tune.yaml')).code, 0);
      const undisturbed = space.at.runs().find((dir) => dir !== stopped) ?? '';
      assert.deepEqual(lossesOf(stopped), lossesOf(undisturbed), 'the same curve, bit for bit');
    });
  }

  it('while a run evaluates', async () => {
    space.at.config({
      dataset: { files: { train: 'data/train.csv', test: 'data/many.csv' } },
      data: { eval: 'rows.test' },
      train: { max_steps: 2, eval_strategy: 'steps', eval_steps: 1, per_device_eval_batch_size: 1 },
    });
    space.at.write('data/many.csv', manyRows(20_000));
    const run = space.at.start('run', 'intents.tune.yaml', '--json');
    await run.state('evaluating');
    await interrupted(run);
    const dir = space.at.onlyRun();
    assert.equal(statesOf(dir).at(-1), 'stopped');
    assert.ok(existsSync(`${dir}/checkpoint-1`), 'the step before the evaluation is not lost');
  });

  it('twice: it ends at once, without a checkpoint, and says so', async () => {
    space.at.config({ dataset: { files: { train: 'data/many.csv' } }, train: LONG_STEPS });
    space.at.write('data/many.csv', manyRows(10_000));
    const run = space.at.start('run', 'intents.tune.yaml', '--json');
    const steps = () => run.lines.filter((line) => line.type === 'metrics').length;
    await run.line((line) => line.type === 'metrics');
    const first = performance.now();
    await run.line(() => steps() > 1);
    // In the middle of the next step, however long steps are here; npm would pass each of two Ctrl+C on once more.
    await setTimeout((performance.now() - first) / 2);
    for (let i = 0; i < 4; i++) {
      run.kill('SIGINT');
      await setTimeout(20);
    }
    const ended = await run.ended();
    assertNoStack(ended);
    assert.equal(ended.code, 130);
    const dir = space.at.onlyRun();
    assert.equal(summaryOf(dir).state, 'stopped');
    assert.match(summaryOf(dir).reason ?? '', /at once/);
    assert.ok(!eventsOf(dir).some(({ type }) => type === 'checkpoint'));
  });

  it('is not what closing the terminal is: the run goes on', async () => {
    space.at.config({ train: { max_steps: 60 } });
    const run = space.at.startHeld(/"type":"metrics"/, ['run', 'intents.tune.yaml', '--json']);
    await run.line((line) => line.type === 'metrics');
    run.kill('SIGHUP');
    run.child.stdout?.destroy();
    run.child.stderr?.destroy();
    assert.equal((await run.goOn()).code, 0);
    assert.equal(summaryOf(space.at.onlyRun()).state, 'finished');
  });

  it('by `tunebook stop` from elsewhere: the same as one Ctrl+C', async () => {
    space.at.config({ train: { max_steps: 100_000 } });
    const run = space.at.start('run', 'intents.tune.yaml', '--json');
    await run.line((line) => line.type === 'metrics');
    const stop = await space.at.run('stop', 'tiny');
    assert.equal(stop.code, 0, stop.stderr);
    assert.match(stop.stdout, /was asked to save a checkpoint and stop/);
    assert.equal((await run.ended()).code, 130);
    assert.equal(summaryOf(space.at.onlyRun()).reason, 'Stopped by request.');
    const again = await space.at.run('stop', 'tiny');
    assert.equal(again.code, 1);
    assert.match(again.stderr, /is not running: it is stopped/);
  });
});
