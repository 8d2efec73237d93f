import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import type { RunPlan } from '../../protocol/plan.ts';
import { askForPlan, planWords } from './plan.ts';

const PLAN: RunPlan = {
  type: 'plan',
  run: 'a',
  device: 'cpu',
  steps: 1510,
  stepsPerEpoch: 755,
  warmupSteps: 0,
  format: 'classification',
  rows: 1,
  truncated: 0,
  dropped: 0,
  masked: 0,
  tokens: 1,
  longest: 1,
  paddingShare: 0,
  parameters: { total: 1, trained: 1 },
  disk: { checkpoint: 1, output: 1, most: 3 * 2 ** 20 },
  stateMemory: 2 ** 20,
  batchMemory: { used: 60 * 2 ** 20, kept: 60 * 2 ** 20, checkpointed: 20 * 2 ** 20 },
  probe: { steps: 3, millisecondsPerStep: 80, seconds: 125, peakMemory: 412 * 2 ** 20 },
  examples: [],
};

describe('the plan of a run', () => {
  const folder = temporaryFolder();
  const asked = { file: 'a.tune.yaml', name: 'a', workspace: '.' };
  const signal = new AbortController().signal;

  /** A program in the place of the trainer that prints what a trainer would. */
  function trainer(stdout: string, stderr: string, code = 0): string {
    const path = join(folder.path, 'trainer.mjs');
    const write = (to: string, text: string) => `process.${to}.write(${JSON.stringify(text)});`;
    writeFileSync(path, `${write('stdout', stdout)}${write('stderr', stderr)}process.exitCode = ${code};`);
    return path;
  }

  it('is told in few words', () => {
    assert.equal(
      planWords(PLAN),
      '1,510 steps · about 2 min 5 s · 412.0 MiB of memory · 3.0 MiB on disk · cpu',
    );
    const counted = { ...PLAN, probe: undefined };
    assert.match(planWords(counted), /^1,510 steps · at least 61\.0 MiB of memory/);
    assert.match(planWords({ ...counted, device: 'webgpu' }), /^1,510 steps · at least 1\.0 MiB of memory/);
    assert.match(
      planWords({ ...counted, notMeasured: 'Not measured.' }),
      /^1,510 steps · not measured, for want of memory · at least 61\.0 MiB of memory/,
    );
  });

  it('comes with the warnings that the trainer printed', async () => {
    const stderr =
      'a.tune.yaml:3:4: warning: The warm-up is long. [tune/x]\n  next: shorten it\nwarning: Rows were cut. [data/truncated]\n';
    const { plan, warnings } = await askForPlan(trainer(`${JSON.stringify(PLAN)}\n`, stderr), asked, signal);
    assert.deepEqual(plan, PLAN);
    assert.deepEqual(warnings, ['The warm-up is long.', 'Rows were cut.']);
  });

  it('is not there where the trainer refuses: the reason is, with its place and the next step', async () => {
    const stderr =
      'a.tune.yaml:2:1: warning: The warm-up is long. [tune/x]\na.tune.yaml:3:10: error: It does not fit. [run/memory]\n  next: Set max_length: 64.\n';
    const { plan, warnings, refusal } = await askForPlan(trainer('', stderr, 1), asked, signal);
    assert.equal(plan, undefined);
    assert.deepEqual(warnings, ['The warm-up is long.']);
    assert.equal(refusal?.message, 'It does not fit.');
    assert.equal(refusal.hint, 'Set max_length: 64.');
    assert.deepEqual(refusal.location, { file: join(process.cwd(), 'a.tune.yaml'), line: 3, column: 10 });
  });

  it('is refused with the words of the trainer alone, however this process is told to colour its own', async () => {
    const before = process.env['FORCE_COLOR'];
    process.env['FORCE_COLOR'] = '1';
    try {
      const path = join(folder.path, 'colours.mjs');
      writeFileSync(
        path,
        "import { styleText } from 'node:util'; console.error(styleText('red', 'It broke.')); process.exitCode = 1;",
      );
      const { refusal } = await askForPlan(path, asked, signal);
      assert.equal(refusal?.message, 'It broke.');
    } finally {
      if (before === undefined) delete process.env['FORCE_COLOR'];
      else process.env['FORCE_COLOR'] = before;
    }
  });

  it('is given up when nobody waits for it any more', async () => {
    const abort = new AbortController();
    const path = join(folder.path, 'slow.mjs');
    writeFileSync(path, 'setTimeout(() => {}, 60_000);');
    const answer = askForPlan(path, asked, abort.signal);
    abort.abort();
    assert.deepEqual(await answer, { warnings: [] });
  });
});
