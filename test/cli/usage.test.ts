import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { TUNEBOOK } from './support/tunebook.ts';
import { workspace } from './support/workspace.ts';

const COMMANDS = [
  'check',
  'plan',
  'import',
  'run',
  'evaluate',
  'generate',
  'resume',
  'runs',
  'show',
  'logs',
  'stop',
  'pause',
  'restart',
  'duplicate',
  'label',
  'queue',
  'rm',
  'gc',
  'import-run',
  'devices',
  'schema',
  'render',
  'export',
  'inspect',
  'playground',
];

describe('tunebook: usage', () => {
  const space = workspace();

  it('prints help for itself, and for every command that it lists', async () => {
    const { code, stdout } = await space.at.run('--help');
    assert.equal(code, 0);
    const listed = [...stdout.matchAll(/^ {2}([a-z][a-z-]+)\b.* {2}/gm)].map(([, name]) => name);
    assert.deepEqual(listed, COMMANDS);
    for (const name of COMMANDS) {
      const help = await space.at.run(name, '--help');
      assert.equal(help.code, 0);
      assert.match(help.stdout, new RegExp(`^Usage: tunebook ${name}`));
      assert.match(help.stdout, /Exit codes: 0 done, 1 /);
      assert.ok(help.stdout.split('\n').every((line) => line.length <= 125));
    }
  });

  it('prints its version', async () => {
    const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
    const version = /"version": "(.+)"/.exec(text)?.[1];
    assert.deepEqual(await space.at.run('--version'), {
      code: 0,
      signal: null,
      stdout: `${version}\n`,
      stderr: '',
    });
  });

  const WRONG: [args: string[], says: RegExp][] = [
    [['chekc', 'a.tune.yaml'], /no command `chekc`\. Did you mean `check`\?/],
    [['run'], /`tunebook run` needs FILE\./],
    [['run', 'a.tune.yaml', 'b', 'c'], /does not take "c"/],
    [['run', 'a.tune.yaml', '--jsno'], /Unknown option '--jsno'/],
    [['run', 'a.tune.yaml', '--id', 'not an id'], /is no run id/],
    [['runs', '--workspace'], /--workspace/],
    [['check'], /`tunebook check` needs FILE\./],
    [['show'], /needs RUN/],
    [['runs', '--state', 'asleep'], /There is no state "asleep"\. They are queued, /],
    [['queue', 'tiny', '0'], /a number from 1, `first` or `last`/],
    [['queue', 'tiny'], /a number from 1, `first` or `last`/],
    [['stop', 'tiny', '--grace', 'soon'], /--grace takes a number of seconds/],
    [['gc', '--older-than', 'x'], /--older-than takes a number of days/],
    [['label', 'tiny', '--pin', '--unpin'], /contradict/],
    [['rm'], /needs RUN/],
    [['inspect'], /needs FILE, or --stdio/],
  ];
  for (const [args, says] of WRONG) {
    it(`calls \`tunebook ${args.join(' ')}\` wrong usage`, async () => {
      const { code, stdout, stderr } = await space.at.run(...args);
      assert.equal(code, 2);
      assert.match(stderr, says);
      assert.match(stderr, /See `tunebook .*--help`\./);
      assert.equal(stdout, '');
    });
  }

  it('fails when what was asked for cannot be printed, and does not mind a reader who has gone', async function () {
    if (process.platform !== 'linux') this.skip();
    const shell = (command: string) =>
      spawnSync('sh', ['-c', `set -e; '${process.execPath}' '${TUNEBOOK}' ${command}`], { encoding: 'utf8' });
    const full = shell('--help > /dev/full');
    assert.equal(full.status, 3);
    assert.match(full.stderr, /^error: What was asked for could not be printed: .*ENOSPC/);
    assert.equal(shell('--help | true').stderr, '');
  });

  it('prints the general help, and fails, when it is told nothing', async () => {
    const { code, stdout } = await space.at.run();
    assert.equal(code, 2);
    assert.match(stdout, /^ {2}check FILE/m);
  });
});
