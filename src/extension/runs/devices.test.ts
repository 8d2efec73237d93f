import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import { askForDevices } from './devices.ts';

describe('the devices that the trainer lists', () => {
  const folder = temporaryFolder();
  /** A program in the place of the trainer that prints this. */
  function trainer(stdout: string): string {
    const path = join(folder.path, 'trainer.mjs');
    writeFileSync(path, `process.stdout.write(${JSON.stringify(stdout)});`);
    return path;
  }

  it('are read from its lines', async () => {
    const cuda = { device: 'cuda', available: false, description: 'There is no driver.' };
    assert.deepEqual(await askForDevices(trainer(`a warning\n${JSON.stringify(cuda)}\n`)), [cuda]);
  });

  it('are none where there is no trainer', async () => {
    assert.deepEqual(await askForDevices(join(folder.path, 'none.mjs')), []);
  });
});
