import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mock } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import { runsFolder } from '../../runs/workspace.ts';
import { launch } from './launch.ts';

describe('a launch', () => {
  const folder = temporaryFolder();
  afterEach(() => mock.restoreAll());

  /** Starts a program in the place of the trainer, which gets what it does when `go` is there. */
  function start(id: string, does: string) {
    const trainer = join(folder.path, `${id}.mjs`);
    const [begun, go] = ['begun', 'go'].map((name) => join(folder.path, `${id}-${name}`));
    writeFileSync(
      trainer,
      `import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
       writeFileSync(${JSON.stringify(begun)}, '');
       while (!existsSync(${JSON.stringify(go)})) await new Promise((resolve) => setTimeout(resolve, 5));
       ${does}`,
    );
    const launched = launch({
      args: [],
      id,
      workspace: folder.path,
      trainer,
      logs: join(folder.path, 'logs'),
    });
    return { launched, begun: begun!, goOn: () => writeFileSync(go!, '') };
  }

  /** A clock on which every look is an hour after the one before. */
  function slowMachine(): void {
    const now = Date.now;
    let hours = 0;
    mock.method(Date, 'now', () => now() + ++hours * 3600_000);
  }

  it('waits for its run directory however long the trainer checks before', async () => {
    mkdirSync(runsFolder(folder.path), { recursive: true });
    slowMachine();
    const directory = join(runsFolder(folder.path), 'slow');
    const { launched, begun, goOn } = start('slow', `mkdirSync(${JSON.stringify(directory)});`);
    const isThere = launched.then(existsSync);
    while (!existsSync(begun)) await setTimeout(5);
    goOn();
    assert.equal(await isThere, true);
    assert.equal(await launched, directory);
  });

  it('tells what the trainer says that finds a mistake late', async () => {
    slowMachine();
    const { launched, begun, goOn } = start(
      'wrong',
      "console.error('a.tune.yaml:3:10: error: It does not fit. [run/memory]'); process.exitCode = 1;",
    );
    while (!existsSync(begun)) await setTimeout(5);
    goOn();
    await assert.rejects(launched, { message: 'It does not fit.' });
  });
});
