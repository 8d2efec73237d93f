import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readEvents } from '../../src/runs/events.ts';
import { eventsOf, lossesOf, statesOf, summaryOf, workspace } from './support/workspace.ts';
import { holdsAfter } from '../support/hold.ts';
import { Tunebook, tunebook } from './support/tunebook.ts';

describe('a run in an odd place, or on an odd day', () => {
  const space = workspace();

  it('is stopped by a signal where the path of its control socket would be too long', async () => {
    space.at.config({ train: { max_steps: 100_000 } });
    const runtime = space.at.path('r'.repeat(60), 's'.repeat(60));
    mkdirSync(runtime, { recursive: true, mode: 0o700 });
    const options = { cwd: space.at.folder, env: { ...space.at.env, TUNEBOOK_RUNTIME_DIR: runtime } };
    const run = new Tunebook(['run', 'intents.tune.yaml', '--json'], options);
    await run.line((line) => line.type === 'metrics');
    const known: unknown = JSON.parse(readFileSync(join(space.at.onlyRun(), 'process.json'), 'utf8'));
    assert.ok(typeof known === 'object' && known !== null && !('controlSocket' in known));
    const stopped = await tunebook(['stop', 'tiny', '--grace', '30'], options);
    assert.match(stopped.stdout, /has stopped\./, stopped.stderr);
    assert.equal((await run.ended()).code, 130);
    assert.deepEqual(statesOf(space.at.onlyRun()).slice(-2), ['stopping', 'stopped']);
    const paused = await tunebook(['pause', 'tiny'], options);
    assert.match(paused.stderr, /it is stopped\. \[run\/not-pausable\]/);
  });

  it('that sleeps with its machine for a while goes on as if it had not', async () => {
    space.at.config({ train: { max_steps: 400 } });
    const run = space.at.startHeld(/"type":"metrics"/, ['run', 'intents.tune.yaml', '--json']);
    await run.line((line) => line.type === 'metrics');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const dir = space.at.onlyRun();
    assert.equal(summaryOf(dir).state, 'running', 'a process that stands still is not lost');
    assert.equal((await run.goOn()).code, 0);
    assert.equal(summaryOf(dir).state, 'finished');
    assert.equal(lossesOf(dir).length, 400);
  });

  for (const hours of [-3, 3])
    it(`goes on when the clock is put ${hours < 0 ? 'back' : 'on'} by three hours, and is told in the right order`, async () => {
      space.at.config({ train: { max_steps: 400 } });
      const jump = space.at.write(
        'jump.mjs',
        `import { existsSync } from 'node:fs';
         const now = Date.now;
         const shift = () => existsSync(${JSON.stringify(space.at.path('jumped'))}) ? ${hours} * 3600_000 : 0;
         Date.now = () => now() + shift();
         globalThis.Date = class extends Date { constructor(...given) { given.length ? super(...given) : super(Date.now()); } };`,
      );
      const hold = holdsAfter(/"type":"metrics"/);
      const env = { ...space.at.env, NODE_OPTIONS: `--import=${pathToFileURL(jump).href} ${hold}` };
      const run = new Tunebook(['run', 'intents.tune.yaml', '--json'], { cwd: space.at.folder, env });
      await run.line((line) => line.type === 'metrics');
      const dir = space.at.onlyRun();
      space.at.write('jumped', '');
      const ending = run.goOn();
      await run.line((line) => line.type === 'metrics' && 'step' in line && Number(line.step) > 20);
      if (!run.lines.some((line) => line.type === 'finished')) assert.equal(summaryOf(dir).state, 'running');
      const ended = await ending;
      assert.equal(ended.code, 0, ended.stderr);
      const events = eventsOf(dir);
      const times = events.map(({ time }) => Date.parse(time));
      const leaps = times.filter((time, i) => Math.abs(time - (times[i - 1] ?? time)) > 3_000_000);
      assert.equal(leaps.length, 1, 'the clock was put once, in the middle of the run');
      assert.deepEqual(
        events.map(({ seq }) => seq),
        events.map((_, i) => i + 1),
      );
      assert.equal(lossesOf(dir).length, 400);
      const shown = await space.at.run('runs');
      assert.doesNotMatch(shown.stdout, /-\d+ (s|min|h)/, 'no time is negative');
    });

  it('that a hand edited is listed with what is wrong, and harms no other', async () => {
    space.at.config();
    await space.at.run('run', 'intents.tune.yaml');
    const dir = space.at.onlyRun();
    const whole = eventsOf(dir).length;
    appendFileSync(join(dir, 'events.jsonl'), 'not an event\n{"seq":"x"}\n{"torn');
    writeFileSync(join(dir, 'meta.json'), '{');
    await space.at.run('run', 'intents.tune.yaml');
    const listed = await space.at.run('runs');
    assert.equal(listed.code, 0, listed.stderr);
    assert.match(listed.stdout, /A line is not JSON\./);
    assert.equal(space.at.runs().length, 2);
    const { events, problems } = readEvents(dir);
    assert.deepEqual([events.length, problems.length], [whole, 2]);
    assert.equal((await space.at.run('label', 'tiny', '--tag', 'fine')).code, 0);
  });
});
