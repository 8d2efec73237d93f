import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describeProgress } from '../../src/webview/metrics/run-words.ts';
import { machineOf } from '../support/machine-of.ts';
import { eventsOf, lossesOf, statesOf, summaryOf, workspace } from './support/workspace.ts';

describe('a run that was killed', () => {
  const space = workspace();

  it('is shown as lost, and a resume loses and doubles nothing', async () => {
    space.at.config({ train: { max_steps: 300, save_strategy: 'steps', save_steps: 10 } });
    const run = space.at.startHeld(/"step":13\b/, ['run', 'intents.tune.yaml', '--json']);
    await run.line((line) => line.type === 'checkpoint');
    await run.line((line) => line.type === 'metrics' && 'step' in line && line.step === 13);
    run.kill('SIGKILL');
    assert.equal((await run.ended()).signal, 'SIGKILL');
    const killed = space.at.onlyRun();

    const { stdout, code } = await space.at.run('runs');
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^20\S+-tiny-\S+ +run +lost +step \d+, loss [\d.]+, Its process ended without saying so\./m,
    );
    const shown = await space.at.run('show', 'tiny');
    assert.match(shown.stdout, /^tiny {2}lost$/m);
    assert.match(shown.stdout, /checkpoint-10$/m);

    const resumed = await space.at.run('resume', 'tiny');
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.equal(summaryOf(killed).state, 'finished');
    assert.ok(existsSync(join(killed, 'output', 'model.safetensors')));
    assert.deepEqual(statesOf(killed).slice(-4), ['queued', 'preparing', 'running', 'finished']);
    assert.equal((await space.at.run('run', 'intents.tune.yaml')).code, 0);
    const undisturbed = space.at.runs().find((dir) => dir !== killed) ?? '';
    // Steps after the checkpoint were taken twice, and are told once.
    assert.deepEqual(lossesOf(killed), lossesOf(undisturbed));
    assert.deepEqual(
      eventsOf(killed).map(({ seq }) => seq),
      eventsOf(killed).map((_, i) => i + 1),
    );
  });

  it('for want of memory, as its last reading says, is shown with that wherever its state is', async () => {
    space.at.config({ train: { max_steps: 100_000 } });
    // Less than the run takes: all of it is in use.
    space.at.env['NODE_OPTIONS'] = machineOf(100 * 2 ** 20);
    const run = space.at.start('run', 'intents.tune.yaml', '--json');
    await run.line((line) => line.type === 'metrics');
    run.kill('SIGKILL');
    await run.ended();
    const why =
      'Its process was killed, or the machine went down. Its last reading was 100.0 MiB of 100.0 MiB of memory in use, so the system may have ended it for want of memory: lower per_device_train_batch_size or set gradient_checkpointing: true.';
    delete space.at.env['NODE_OPTIONS'];
    const { stdout } = await space.at.run('runs');
    assert.ok(stdout.includes(why), stdout);
    const shown = await space.at.run('show', 'tiny');
    assert.ok(shown.stdout.includes(why), shown.stdout);
    const words = describeProgress(summaryOf(space.at.onlyRun()), Date.now());
    assert.ok(words.startsWith('Lost') && words.endsWith(why), words);
  });

  it('lets the next run have the device', async () => {
    space.at.config({ train: { max_steps: 100_000 } });
    const run = space.at.start('run', 'intents.tune.yaml', '--json');
    await run.line((line) => line.type === 'metrics');
    run.kill('SIGKILL');
    await run.ended();
    space.at.config();
    assert.equal((await space.at.run('run', 'intents.tune.yaml')).code, 0);
  });

  it('is not gone on with when its data has changed, nor when it has finished', async () => {
    space.at.config({ train: { max_steps: 100_000 } });
    const run = space.at.start('run', 'intents.tune.yaml', '--json');
    await run.line((line) => line.type === 'metrics');
    run.kill('SIGINT');
    await run.ended();
    space.at.write('data/train.csv', 'text,label\nlo,alpha\n');
    const changed = await space.at.run('resume', 'tiny');
    assert.equal(changed.code, 1);
    assert.match(
      changed.stderr,
      /data\/train\.csv has changed since the run was started\. \[run\/inputs-changed\]/,
    );
    assert.equal(summaryOf(space.at.onlyRun()).state, 'stopped');
  });

  it('cannot go on when it has finished', async () => {
    space.at.config();
    await space.at.run('run', 'intents.tune.yaml');
    const { code, stderr } = await space.at.run('resume', 'tiny');
    assert.equal(code, 1);
    assert.match(stderr, /cannot go on: it has finished/);
  });
});
