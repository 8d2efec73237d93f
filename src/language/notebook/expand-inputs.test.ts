import assert from 'node:assert/strict';
import { MemoryHost } from '../testing/memory-host.ts';
import { expandInputs } from './expand-inputs.ts';

describe('expandInputs', () => {
  it('puts the files that fit in place of a pattern, so that a new one changes what is hashed', async () => {
    const inputs = {
      kind: 'dataset',
      name: 'd',
      config: {},
      files: ['/w/a.csv', '/w/data/*.csv'],
      folders: [],
      runs: [],
      evaluations: [],
    };
    const list = (files: Record<string, string>) => {
      const host = new MemoryHost({ files });
      return expandInputs([inputs], (folder) => host.listDirectory(folder));
    };
    const [one] = await list({ '/w/data/1.csv': '' });
    assert.deepEqual(one?.files, ['/w/a.csv', '/w/data/1.csv']);
    const [two] = await list({ '/w/data/1.csv': '', '/w/data/2.csv': '' });
    assert.deepEqual(two?.files, ['/w/a.csv', '/w/data/1.csv', '/w/data/2.csv']);
  });
});
