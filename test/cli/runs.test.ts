import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import { rmSync, writeFileSync } from 'node:fs';
import { parseLines } from './support/tunebook.ts';
import { workspace } from './support/workspace.ts';

describe('tunebook runs, show and logs', () => {
  const space = workspace();

  it('say what to do where there is nothing yet', async () => {
    const { code, stdout } = await space.at.run('runs');
    assert.equal(code, 0);
    assert.match(stdout, /^No runs in .*\. Start one: tunebook run FILE\n$/);
    assert.equal((await space.at.run('runs', '--json')).stdout, '');
    const { code: unknown, stderr } = await space.at.run('show', 'nothing');
    assert.equal(unknown, 1);
    assert.match(
      stderr,
      /No run here has the id or the name "nothing"\. \[run\/unknown\]\n {2}next: `tunebook runs`/,
    );
  });

  it('list, show and print a run by id, by its beginning and by name', async () => {
    const at = space.at;
    at.config({ data: { eval: 'rows.test' }, train: { eval_strategy: 'epoch', warmup_steps: 50 } });
    await at.run('run', 'intents.tune.yaml');
    const dir = at.onlyRun();
    const id = basename(dir);
    const table = await at.run('runs');
    assert.match(
      table.stdout,
      new RegExp(`^ID .*KIND.*STATE.*DETAILS.*AGE\\n${id} +run +finished +accuracy .* %.* just now\\n$`),
    );
    const [listed] = parseLines((await at.run('runs', '--json')).stdout);
    assert.equal(listed && 'id' in listed && listed.id, id);
    for (const name of [id, id.slice(0, 20), 'tiny']) {
      const { code, stdout } = await at.run('show', name);
      assert.equal(code, 0);
      assert.match(stdout, /^tiny {2}finished\n/);
      for (const part of [
        id,
        'intents.tune.yaml',
        'rows.train (76 rows)',
        'eval_accuracy',
        'output',
        'checkpoint-6',
      ])
        assert.ok(stdout.includes(part), `${part} in\n${stdout}`);
    }
    const [details] = parseLines((await at.run('show', 'tiny', '--json')).stdout);
    assert.ok(details && 'paths' in details && 'manifest' in details);
    assert.deepEqual(details.paths, {
      output: join(dir, 'output'),
      log: join(dir, 'log.txt'),
      checkpoints: [join(dir, 'checkpoint-6')],
    });
    const { stdout } = await at.run('logs', 'tiny');
    assert.match(stdout, /^Run 20.*\n[^]*^tiny finished:$/m);
  });

  it('follow the log of a run until it has ended', async () => {
    space.at.config({ train: { max_steps: 60 } });
    const run = space.at.startHeld(/^training \d+\/60/m, ['run', 'intents.tune.yaml']);
    await run.printed(/^training \d+\/60/m);
    const follower = space.at.start('logs', 'tiny', '--follow');
    await follower.printed(/^Run 20/m);
    const [ended, followed] = await Promise.all([run.goOn(), follower.ended()]);
    assert.equal(followed.code, 0);
    assert.match(followed.stdout, /^training 60\/60/m);
    assert.ok(ended.stdout.startsWith(followed.stdout.slice(0, 100)));
  });

  it('show what is left of a damaged run directory', async () => {
    space.at.config();
    await space.at.run('run', 'intents.tune.yaml');
    const dir = space.at.onlyRun();
    writeFileSync(join(dir, 'run.json'), '{ "torn');
    rmSync(join(dir, 'log.txt'));
    const { code, stdout } = await space.at.run('show', 'tiny');
    assert.equal(code, 0);
    assert.match(stdout, /run\.json is missing or is not JSON/);
    const logs = await space.at.run('logs', 'tiny');
    assert.equal(logs.code, 1);
    assert.match(logs.stderr, /\[run\/no-log\]/);
  });

  it('name the devices, and why others are not there', async () => {
    const { code, stdout } = await space.at.run('devices', '--json');
    assert.equal(code, 0);
    const cpu = parseLines(stdout).find((line) => 'device' in line && line.device === 'cpu');
    assert.ok(cpu && 'available' in cpu && cpu.available === true);
    const words = await space.at.run('devices');
    assert.match(words.stdout, /^cpu +available +free +.*threads?$/m);
    assert.match(words.stdout, /^webgpu +(available|no) /m);
  });
});
