import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { temporaryFolder } from './testing/fixtures.ts';
import { TrainerChild, TrainerEnded } from './trainer-child.ts';

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
