import assert from 'node:assert/strict';
import { eventsOf, statesOf, summaryOf, workspace } from './support/workspace.ts';
import { parseLines } from './support/tunebook.ts';

describe('two runs on one device', () => {
  const space = workspace();

  it('run one after the other; the second says whom it waits for', async () => {
    space.at.config({ train: { max_steps: 300 } });
    const first = space.at.start('run', 'intents.tune.yaml', '--json');
    await first.state('running');
    // It is not done before the second has come, and been seen.
    first.kill('SIGSTOP');
    const second = space.at.start('run', 'intents.tune.yaml', '--json');
    await second.line((line) => line.type === 'state' && 'reason' in line);
    const listed = parseLines((await space.at.run('runs', '--json')).stdout);
    assert.deepEqual(
      new Set(listed.map((run) => ('state' in run ? run.state : ''))),
      new Set(['queued', 'running']),
    );
    const [one, two] = await Promise.all([first.goOn(), second.ended()]);
    assert.deepEqual([one.code, two.code], [0, 0]);

    const dirOf = (stdout: string) => {
      const line = parseLines(stdout).at(-1);
      return line && 'dir' in line ? String(line.dir) : '';
    };
    const [dirOne, dirTwo] = [dirOf(one.stdout), dirOf(two.stdout)];
    const waited = eventsOf(dirTwo).find((event) => event.type === 'state' && event.reason !== undefined);
    assert.equal(
      waited?.type === 'state' && waited.reason,
      `Waits for cpu, where ${summaryOf(dirOne).id} runs; next in line.`,
    );
    const running = eventsOf(dirTwo).find((event) => event.type === 'state' && event.state === 'preparing');
    const finished = eventsOf(dirOne).find((event) => event.type === 'state' && event.state === 'finished');
    assert.ok((finished?.time ?? '') <= (running?.time ?? ''), 'never both at once');
    assert.deepEqual(statesOf(dirTwo), ['queued', 'preparing', 'running', 'finished']);
  });
});
