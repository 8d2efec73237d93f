import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { holdsAfter } from '../support/hold.ts';
import { TUNEBOOK } from './support/tunebook.ts';
import { workspace, type Workspace } from './support/workspace.ts';

/** Runs a command on a terminal of 100 columns that `script` (util-linux) makes, and gives what it drew there. */
function onTerminal(at: Workspace, args: readonly string[], env: NodeJS.ProcessEnv) {
  const command = `stty cols 100; '${process.execPath}' '${TUNEBOOK}' ${args.join(' ')}`;
  return spawnSync('script', ['-qec', command, '/dev/null'], {
    cwd: at.folder,
    env: { ...process.env, ...at.env, NO_COLOR: undefined, FORCE_COLOR: undefined, TERM: 'xterm', ...env },
    encoding: 'utf8',
  });
}

describe('tunebook on a terminal', () => {
  const space = workspace();

  before(function () {
    // A shell that has no `script` to make a terminal: nothing can be shown on one.
    if (process.platform !== 'linux' || spawnSync('script', ['--version']).status !== 0) this.skip();
  });

  it('moves a bar with loss, rate and time left, and leaves the lines that count', () => {
    space.at.config({ data: { eval: 'rows.test' }, train: { max_steps: 400 } });
    // A clock on which a step takes so long that each moves the bar.
    const env = { NO_COLOR: '1', NODE_OPTIONS: holdsAfter(/^$/, { clock: 1000 }) };
    const { status, stdout } = onTerminal(space.at, ['run', 'intents.tune.yaml'], env);
    assert.equal(status, 0);
    const drawn = stdout.split('\r\u001b[K');
    assert.ok(
      drawn.some((bar) =>
        /^training {3}█+░+ +\d+ % {2}\d+\/400 {2}loss [\d.]+ {2}[\d.]+ steps\/s {2}[\d a-z]+ left$/.test(bar),
      ),
      stdout,
    );
    assert.doesNotMatch(stdout, /^training \d/m, 'no lines of progress beside the bar');
    assert.match(stdout, /^tiny finished:\r$/m);
    assert.ok(drawn.every((bar) => (bar.split('\r\n')[0] ?? '').length < 100));
  });

  it('uses colours, and none where NO_COLOR is set', () => {
    space.at.config({ train: { learnin_rate: 1 } });
    const colours = onTerminal(space.at, ['check', 'intents.tune.yaml'], {});
    assert.ok(colours.stdout.includes('\u001b[31merror:\u001b[39m'));
    const plain = onTerminal(space.at, ['check', 'intents.tune.yaml'], { NO_COLOR: '1' });
    assert.match(plain.stdout, /: error: `learnin_rate`/);
    assert.ok(!plain.stdout.includes('\u001b'));
    assert.equal(plain.status, 1);
  });
});
