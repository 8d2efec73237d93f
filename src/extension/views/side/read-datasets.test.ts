import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../runs/testing/fixtures.ts';
import { readDatasets } from './read-datasets.ts';

describe('the data sets of configs', () => {
  const folder = temporaryFolder();

  it('are listed with their files, also beside documents that have mistakes', async () => {
    const path = join(folder.path, 'a.tune.yaml');
    writeFileSync(
      path,
      'run: r\n---\ndataset: rows\nfiles: { train: [a.csv, b.csv], test: t.csv }\nformat: classification\n---\ndataset: broken\nfiles: 7\n',
    );
    assert.deepEqual(await readDatasets([path, join(folder.path, 'none.tune.yaml')]), [
      {
        name: 'rows',
        file: path,
        line: 2,
        format: 'classification',
        files: [
          { split: 'train', file: join(folder.path, 'a.csv') },
          { split: 'train', file: join(folder.path, 'b.csv') },
          { split: 'test', file: join(folder.path, 't.csv') },
        ],
      },
      { name: 'broken', file: path, line: 6, format: '', files: [], problem: 'has mistakes' },
    ]);
  });
});
