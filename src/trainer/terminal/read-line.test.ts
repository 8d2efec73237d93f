import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import { readLine } from './read-line.ts';

const PARQUET = fileURLToPath(new URL('../../../test/fixtures/parquet', import.meta.url));

describe('a line of a file, to be shown', () => {
  const folder = temporaryFolder();
  const write = (name: string, content: string | Uint8Array) => {
    const file = join(folder.path, name);
    writeFileSync(file, content);
    return file;
  };

  it('is counted from 1, and may hold tabs and any letters', async () => {
    const file = write('rows.tsv', 'text\tlabel\r\nnaïve ☕\talpha\r\n');
    assert.equal(await readLine(file, 2), 'naïve ☕\talpha');
    assert.equal(await readLine(file, 4), undefined);
    assert.equal(await readLine(join(folder.path, 'none'), 1), undefined);
  });

  it('is none of a file that is no text, nor one that would move the cursor', async () => {
    assert.equal(await readLine(join(PARQUET, 'classes-unlabelled.parquet'), 1), undefined);
    assert.equal(await readLine(write('rows.csv.gz', gzipSync('text,label\n')), 1), undefined);
    assert.equal(await readLine(write('rows.csv', 'text\u001b[2J\n'), 1), undefined);
  });
});
