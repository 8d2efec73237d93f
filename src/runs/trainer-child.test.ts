import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { temporaryFolder } from './testing/fixtures.ts';
import { TrainerChild, TrainerEnded } from './trainer-child.ts';

describe('a trainer that dies', () => {
  const folder = temporaryFolder();

  /** Whether memory may be why, as a trainer's end tells that does this when it is asked. */
  async function lacksMemory(does: string): Promise<boolean> {
    const trainer = join(folder.path, 'dies.mjs');
    writeFileSync(trainer, `process.stdin.once('data', () => { ${does} });\n`);
    const environment = () => ({ NODE_OPTIONS: '--max-old-space-size=20' });
    const child = new TrainerChild({ trainer, args: [], log: () => undefined, environment });
    try {
      await child.request('ask', {}, new AbortController().signal);
      return assert.fail('it answers');
    } catch (error) {
      assert.ok(error instanceof TrainerEnded);
      return error.mayLackMemory;
    } finally {
      await child.dispose();
    }
  }

  it('may have done so for want of memory where it was killed or its last words say so, and not where it only ended', async () => {
    assert.equal(await lacksMemory("process.kill(process.pid, 'SIGKILL')"), true);
    // V8 ends a process itself whose own objects have no room.
    assert.equal(await lacksMemory('const kept = []; for (;;) kept.push({});'), true);
    assert.equal(await lacksMemory('process.exit(9)'), false);
    assert.equal(await lacksMemory("process.kill(process.pid, 'SIGTERM')"), false);
  });
});

describe('a trainer that dies in the middle of a message', () => {
  const folder = temporaryFolder();

  it('ends what is asked of it, and leaves no timer behind', async () => {
    const trainer = join(folder.path, 'torn.mjs');
    writeFileSync(
      trainer,
      "process.stdin.once('data', () => process.stdout.write('Content-Length: 100\\r\\n\\r\\n{', () => process.exit(9)));\n",
    );
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    // Mocha's own timer for this test begins once the test waits.
    await setImmediate();
    const before = timers();
    const child = new TrainerChild({ trainer, args: [], log: () => undefined });
    await assert.rejects(child.request('ask', {}, new AbortController().signal), TrainerEnded);
    assert.equal(timers(), before);
    await child.dispose();
  });
});
