import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { readEvents } from '../../src/runs/events.ts';
import { readRun } from '../../src/runs/read.ts';
import { newRun, ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { listCheckpoints, readCheckpoint } from '../../src/trainer/checkpoint/checkpoint.ts';
import { prepareRun } from '../../src/trainer/loop/prepare.ts';
import { dropoutBase } from './support/dropout-base.ts';
import { fixtureFolder } from './support/fixture.ts';
import { resolvedRun } from './support/resolved-run.ts';
import { assertSameBits } from './support/same-bits.ts';
import { checkpointSteps, trainInFolder } from './support/train-in-folder.ts';

const CHILD = join(import.meta.dirname, 'support', 'train-child.ts');

describe('a trainer that is killed', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();

  /** Starts the trainer and kills it as soon as `isTime` says so. Returns whether it had to be killed. */
  async function trainAndKill(dir: string, config: string, isTime: () => boolean): Promise<boolean> {
    const child = spawn(process.execPath, [CHILD, dir, config], { stdio: ['ignore', 'inherit', 'inherit'] });
    const ended = once(child, 'exit');
    while (child.exitCode === null && !isTime()) await setImmediate();
    const lives = child.exitCode === null;
    if (lives) child.kill('SIGKILL');
    await ended;
    return lives;
  }

  it('in the middle of writing a checkpoint has lost nothing, and goes on to the very same weights', async function () {
    this.timeout(180_000);
    const data = fixtureFolder('bert-classifier');
    const run = resolvedRun({
      base: dropoutBase(join(workspace.path, 'base'), 'bert-classifier'),
      train: join(data, 'train.csv'),
      numLabels: 5,
      arguments: { max_steps: 100, save_steps: 1, save_total_limit: 2, learning_rate: 1e-3 },
    });
    const config = join(workspace.path, 'run.json');
    writeFileSync(config, JSON.stringify(run));
    const dir = newRun(workspace.path);
    const { trained } = await prepareRun(run, quiet());

    let before = -1;
    const seen = new Set<string>();
    for (let round = 0; round < 5; round++) {
      // Every other round as soon as an unfinished checkpoint is seen, else at some moment after the first new one.
      const deadline = { at: Infinity };
      const killed = await trainAndKill(dir, config, () => {
        if ((listCheckpoints(dir).at(-1) ?? -1) <= before) return false;
        if (round % 2 === 0) return readdirSync(dir).some((name) => name.endsWith('.new'));
        deadline.at = Math.min(deadline.at, performance.now() + 17 * round);
        return performance.now() > deadline.at;
      });
      assert.ok(killed, 'the run was over before it could be killed');
      for (const name of readdirSync(dir)) if (name.startsWith('.checkpoint')) seen.add(name);
      assert.equal(readRun(dir).state, 'lost');
      const { events, problems } = readEvents(dir);
      assert.deepEqual(problems, []);
      const steps = listCheckpoints(dir);
      const newest = steps.at(-1) ?? -1;
      assert.ok(newest > before, 'each life gets further');
      assert.ok(newest >= Math.max(...checkpointSteps(events)), 'a checkpoint that was told of is there');
      for (const step of steps)
        assert.equal(readCheckpoint(join(dir, `checkpoint-${step}`), trained).trainerState.global_step, step);
      before = newest;
    }
    assert.ok(seen.size > 0, 'no round hit the writing of a checkpoint');

    const finished = await trainAndKill(dir, config, () => false);
    assert.equal(finished, false);
    assert.equal(readRun(dir).state, 'finished');
    assert.deepEqual(
      readdirSync(dir).filter((name) => name.startsWith('.checkpoint')),
      [],
    );
    const undisturbed = await trainInFolder(workspace.path, run);
    for (const file of ['output/model.safetensors', 'checkpoint-100/optimizer.safetensors'])
      assertSameBits(join(dir, file), join(undisturbed.dir, file));
  });
});

function quiet(): Parameters<typeof prepareRun>[1] {
  return {
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onWarning: () => undefined,
  };
}
