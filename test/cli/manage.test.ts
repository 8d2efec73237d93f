import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { eventsOf, lossesOf, statesOf, summaryOf, workspace } from './support/workspace.ts';
import { parseLines } from './support/tunebook.ts';

describe('tunebook label, rm, gc, queue, pause, restart', () => {
  const space = workspace();

  async function finishedRun(train: object = {}): Promise<string> {
    space.at.config({ train });
    assert.equal((await space.at.run('run', 'intents.tune.yaml')).code, 0);
    return space.at.runs().at(-1) ?? '';
  }

  it('label names, pins, tags and notes a run, and the lists show it', async () => {
    const id = basename(await finishedRun());
    const said = await space.at.run(
      'label',
      'tiny',
      '--name',
      'keeper',
      '--tag',
      'best',
      '--tag',
      'v2',
      '--pin',
    );
    assert.equal(said.code, 0, said.stderr);
    assert.match(said.stdout, /is called keeper \(pinned\)\n {2}tags {3}best, v2\n/);
    await space.at.run('label', 'keeper', '--untag', 'v2', '--note', 'a good one');
    const { stdout } = await space.at.run('runs', '--tag', 'best', '--state', 'finished');
    assert.match(stdout, new RegExp(`^${id} +run +finished +pinned, "keeper", #best, loss`, 'm'));
    const none = await space.at.run('runs', '--tag', 'best', '--tag', 'v2');
    assert.match(none.stdout, /^No runs like that in /);
    const shown = await space.at.run('show', 'keeper');
    assert.match(shown.stdout, /called {2,}keeper\n {2}tags {2,}best\n {2}notes {2,}a good one/);
    const wrong = await space.at.run('label', 'tiny', '--tag', 'two words');
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /"two words" cannot be a tag\. \[run\/meta\]/);
  });

  it('rm can be undone until gc; a run that goes on is not removed', async () => {
    const dir = await finishedRun();
    const id = basename(dir);
    const removed = await space.at.run('rm', 'tiny');
    assert.match(removed.stdout, new RegExp(`^${id} was removed\\.\\nNext: tunebook rm --undo ${id} `));
    assert.equal(existsSync(dir), false);
    assert.match((await space.at.run('gc', '--dry-run')).stdout, /removed just now\nWould free \d+ KiB\.\n$/);
    assert.equal((await space.at.run('rm', '--undo', id)).code, 0);
    assert.ok(existsSync(join(dir, 'output', 'model.safetensors')));
    await space.at.run('rm', id);
    assert.match((await space.at.run('gc', '--older-than', '1')).stdout, /^There is nothing to delete\./);
    assert.match((await space.at.run('gc')).stdout, /Freed \d+ KiB\.\n$/);
    assert.equal((await space.at.run('rm', '--undo', id)).code, 1);

    space.at.config({ train: { max_steps: 100_000 } });
    const run = space.at.start('run', 'intents.tune.yaml', '--json');
    await run.line((line) => line.type === 'metrics');
    const refused = await space.at.run('rm', 'tiny');
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /a run that goes on is not removed\. \[run\/still-running\]/);
    const stopped = await space.at.run('stop', 'tiny', '--grace', '20');
    assert.match(stopped.stdout, /has stopped\./);
    await run.ended();
  });

  it('queue shows who waits and changes the order; a paused run lets the next one have the device', async () => {
    space.at.config({ train: { max_steps: 100_000 } });
    const first = space.at.start('run', 'intents.tune.yaml', '--json');
    await first.line((line) => line.type === 'metrics');
    const waiting = [];
    for (let i = 0; i < 2; i++) {
      const next = space.at.start('run', 'intents.tune.yaml', '--json');
      await next.line((line) => line.type === 'state' && 'reason' in line);
      waiting.push(next);
    }
    const order = async () =>
      parseLines((await space.at.run('queue', '--json')).stdout).map((line) => 'run' in line && line.run);
    const before = await order();
    assert.equal(before.length, 3);
    // Ids of one second have no order: who has waited longer is told by the queue.
    const [, second, last] = before.map(String);
    assert.ok(second !== undefined && last !== undefined);
    const moved = await space.at.run('queue', last, 'first');
    assert.equal(moved.code, 0, moved.stderr);
    assert.deepEqual((await order()).slice(1), [last, second]);

    const firstId = String(before[0]);
    const dirOf = (id: string) => join(space.at.path('.tunebook', 'runs'), id);
    assert.equal((await space.at.run('pause', firstId)).code, 0);
    await waiting[1]?.line((line) => line.type === 'metrics');
    assert.equal(summaryOf(dirOf(firstId)).state, 'paused');
    const notQueued = await space.at.run('queue', firstId, '1');
    assert.match(notQueued.stderr, /does not wait for a device: it is paused\. \[run\/not-queued\]/);
    for (const id of [last, second]) await space.at.run('stop', id, '--grace', '30');
    const resumed = await space.at.run('resume', firstId);
    assert.match(resumed.stdout, /goes on, as soon as its device is free\./);
    const pausedAt = eventsOf(dirOf(firstId)).findLast((event) => event.type === 'state')?.seq ?? 0;
    await first.line((line) => line.type === 'metrics' && 'seq' in line && Number(line.seq) > pausedAt);
    await space.at.run('stop', firstId, '--grace', '30');
    await Promise.all([first, ...waiting].map((each) => each.ended()));
    const states = statesOf(dirOf(firstId));
    assert.deepEqual(states.slice(states.indexOf('paused')), ['paused', 'running', 'stopping', 'stopped']);
    const steps = eventsOf(dirOf(firstId)).flatMap((event) => (event.type === 'metrics' ? [event.step] : []));
    assert.deepEqual(
      steps,
      steps.map((_, i) => i + 1),
      'no step is lost or taken twice',
    );
  }).timeout(300_000);

  it('ends a run that does not stop in time, and it can be resumed', async () => {
    space.at.config({ train: { max_steps: 100_000 } });
    const run = space.at.start('run', 'intents.tune.yaml', '--json');
    await run.line((line) => line.type === 'metrics');
    run.kill('SIGSTOP');
    const { stdout } = await space.at.run('stop', 'tiny', '--grace', '0.2');
    assert.match(stdout, /did not stop within 0\.2 s and was ended at once\./);
    assert.equal((await run.ended()).signal, 'SIGKILL');
    assert.equal(summaryOf(space.at.onlyRun()).state, 'lost');
  });

  it('restart goes on from a checkpoint in a new run, to the very same end', async () => {
    const old = await finishedRun({ max_steps: 12, save_strategy: 'steps', save_steps: 4 });
    const wrong = await space.at.run('restart', 'tiny', '--checkpoint', '5');
    assert.equal(wrong.code, 1);
    assert.match(
      wrong.stderr,
      /has no checkpoint 5\. \[run\/no-checkpoint\]\n {2}next: It has those of the steps 4, 8, 12\./,
    );
    const { code, stderr } = await space.at.run('restart', 'tiny', '--checkpoint', '8');
    assert.equal(code, 0, stderr);
    const again = space.at.runs().find((dir) => dir !== old) ?? '';
    assert.deepEqual(lossesOf(again), lossesOf(old));
    assert.deepEqual(summaryOf(again).parent, { id: basename(old), as: 'restart', step: 8 });
    const weights = (dir: string) => readFileSync(join(dir, 'output', 'model.safetensors'));
    assert.ok(weights(again).equals(weights(old)));
    assert.equal((await space.at.run('restart', basename(old), '--json')).code, 0);
    assert.equal(space.at.runs().length, 3);
  });
});
