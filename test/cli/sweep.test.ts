import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { readRun } from '../../src/runs/read.ts';
import { eventsOf, lossesOf, summaryOf, workspace, type Workspace } from './support/workspace.ts';
import { parseLines } from './support/tunebook.ts';

const RATES = [1e-4, 3e-3, 1e-2];

function sweepConfig(
  at: Workspace,
  sweep: object,
  train: object = {},
  data: object = { eval: 'rows.test' },
): void {
  at.config({ data, train: { max_steps: 6, ...train } }, [
    { sweep: 'rates', run: 'tiny', over: { 'train.learning_rate': RATES }, metric: 'accuracy', ...sweep },
  ]);
}

/** The run directories of a sweep in the order of its plan, and its own. */
function parts(at: Workspace): { own: string; runs: string[] } {
  const all = at.runs().map((dir) => readRun(dir));
  const own = all.find(({ kind }) => kind === 'sweep');
  const runs = all.filter(({ parent }) => parent?.id === own?.id);
  return {
    own: own?.dir ?? '',
    runs: runs.sort((a, b) => (a.parent?.trial ?? 0) - (b.parent?.trial ?? 0)).map(({ dir }) => dir),
  };
}

/** The runs of a sweep as its last object tells them, without their ids. */
function trialsOf(last: object | undefined): object[] {
  assert.ok(last && 'trials' in last && Array.isArray(last.trials));
  return last.trials.map((trial: object) => ({ ...trial, run: undefined }));
}

describe('tunebook run FILE SWEEP', () => {
  const space = workspace();

  it('trains every run of a grid, and says which is best', async () => {
    sweepConfig(space.at, {});
    const { code, stdout, stderr } = await space.at.run('run', 'intents.tune.yaml', 'rates');
    assert.equal(code, 0, stderr);
    const { own, runs } = parts(space.at);
    assert.deepEqual(
      runs.map((dir) => [readRun(dir).name, readRun(dir).state, readRun(dir).parent?.values]),
      RATES.map((rate, i) => [`rates-${i + 1}`, 'finished', { 'train.learning_rate': rate }]),
    );
    const best =
      /^Best by accuracy: rates-\d with [\d.]+ % \(train\.learning_rate [\d.e-]+\), of 3 runs; the median is [\d.]+ %\.$/m;
    assert.match(stdout, best);
    assert.equal(summaryOf(own).reason, best.exec(stdout)?.[0]);
    assert.equal(summaryOf(own).state, 'finished');
    // A run of the sweep is the run that --set makes.
    const alone = await space.at.run(
      'run',
      'intents.tune.yaml',
      'tiny',
      '--set',
      `train.learning_rate=${RATES[1]}`,
    );
    assert.equal(alone.code, 0, alone.stderr);
    const single = space.at.runs().find((dir) => readRun(dir).name === 'tiny') ?? '';
    assert.deepEqual(lossesOf(runs[1] ?? ''), lossesOf(single));
    const again = await space.at.run('duplicate', 'rates-2', '--set', 'train.max_steps=4');
    assert.equal(again.code, 0, again.stderr);
    const shorter = space.at.runs().find((dir) => readRun(dir).name === 'tiny' && dir !== single) ?? '';
    assert.equal(lossesOf(shorter).length, 4);
    assert.deepEqual(readRun(shorter).parent, { id: basename(runs[1] ?? ''), as: 'duplicate' });
    assert.deepEqual(lossesOf(shorter)[0], lossesOf(single)[0]);
  });

  it('goes on where it was interrupted: what has finished stays, and the end is the same', async () => {
    sweepConfig(space.at, {}, { max_steps: 60, save_strategy: 'steps', save_steps: 5 });
    const whole = parseLines((await space.at.run('run', 'intents.tune.yaml', 'rates', '--json')).stdout).at(
      -1,
    );
    const first = parts(space.at);
    const command = ['run', 'intents.tune.yaml', 'rates', '--json'];
    const run = space.at.startHeld(/"phase":"sweep","done":1,/, command);
    await run.line((line) => line.type === 'progress' && 'done' in line && line.done === 1);
    run.kill('SIGKILL');
    await run.ended();
    const own = space.at.runs().find((dir) => readRun(dir).kind === 'sweep' && dir !== first.own) ?? '';
    assert.equal(summaryOf(own).state, 'lost');
    const mine = () => space.at.runs().filter((dir) => readRun(dir).parent?.id === basename(own));
    const finished = mine().filter((dir) => readRun(dir).state === 'finished');
    assert.ok(finished.length > 0 && finished.length < 3, 'it was not killed in the middle');
    const before = finished.map((dir) => eventsOf(dir));
    const resumed = await space.at.run('resume', basename(own), '--json');
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.deepEqual(
      finished.map((dir) => eventsOf(dir)),
      before,
    );
    assert.equal(mine().length, 3);
    const last = parseLines(resumed.stdout).at(-1);
    assert.deepEqual(trialsOf(last), trialsOf(whole));
  }).timeout(300_000);

  it('halves: all train for a while, the best go on to the end, on the same curve', async () => {
    sweepConfig(space.at, { method: 'halving', samples: 3, eta: 3 }, { max_steps: 9 });
    const { code, stdout, stderr } = await space.at.run('run', 'intents.tune.yaml', 'rates');
    assert.equal(code, 0, stderr);
    const states = parts(space.at).runs.map((dir) => [readRun(dir).state, readRun(dir).step]);
    assert.deepEqual(
      states.filter(([state]) => state === 'finished'),
      [['finished', 9]],
    );
    assert.deepEqual(
      states.filter(([state]) => state === 'stopped'),
      [
        ['stopped', 3],
        ['stopped', 3],
      ],
    );
    assert.match(stdout, /of 1 run that trained to the end, 2 ended early\.$/m);
    const winner = parts(space.at).runs.find((dir) => readRun(dir).state === 'finished') ?? '';
    const rate = readRun(winner).parent?.values?.['train.learning_rate'];
    await space.at.run('run', 'intents.tune.yaml', 'tiny', '--set', `train.learning_rate=${String(rate)}`);
    const single = space.at.runs().find((dir) => readRun(dir).name === 'tiny') ?? '';
    assert.deepEqual(lossesOf(winner), lossesOf(single));
  });

  it('finds what does not fit before anything starts', async () => {
    sweepConfig(space.at, { over: { 'train.max_steps': [3, 6], 'data.max_length': [16, 100_000] } });
    const wrong = await space.at.run('run', 'intents.tune.yaml', 'rates');
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /max_length/);
    assert.match(
      wrong.stderr,
      /The run of rates with train\.max_steps 3, data\.max_length 100,000 has a mistake\. Nothing was started\./,
    );
    sweepConfig(space.at, {}, {}, {});
    const blind = await space.at.run('run', 'intents.tune.yaml', 'rates');
    assert.equal(blind.code, 1);
    assert.match(blind.stderr, /evaluates nothing\. \[sweep\/no-evaluation\]/);
    sweepConfig(space.at, {});
    for (const [setting, says, expected] of [
      ['train.learning_rate', /--set takes FIELD=VALUE/, 2],
      ['train.learning_rat=1', /learning_rat/, 1],
      ['run.x.y=1', /run\.x\.y cannot be set/, 1],
    ] as const) {
      const bad = await space.at.run('run', 'intents.tune.yaml', 'tiny', '--set', setting);
      assert.equal(bad.code, expected, bad.stderr);
      assert.match(bad.stderr, says);
    }
    assert.deepEqual(space.at.runs(), []);
  });

  it('goes on when a run of it fails, and fails when all do', async () => {
    sweepConfig(space.at, { over: { 'train.learning_rate': [1e-3, 1e30] } });
    const one = await space.at.run('run', 'intents.tune.yaml', 'rates');
    assert.equal(one.code, 0, one.stderr);
    assert.match(one.stdout, /rates-2 \(train\.learning_rate 1e30\) failed: The (loss|gradient) of step/);
    assert.match(one.stdout, /of 1 run, 1 failed\.$/m);
    sweepConfig(space.at, { metric: 'no_such_metric' });
    const none = await space.at.run('run', 'intents.tune.yaml', 'rates');
    assert.equal(none.code, none.stderr.includes('[sweep/no-result]') ? 3 : 1, none.stderr);
    assert.match(none.stderr, /no_such_metric/);
  });
});
