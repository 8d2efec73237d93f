import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import { dataFacts } from './facts.ts';
import { readRows, type SourceRow } from './read.ts';

async function rowsOf(file: string): Promise<SourceRow[]> {
  const rows: SourceRow[] = [];
  for await (const row of readRows([file])) rows.push(row);
  return rows;
}

/** What a person names by mistake: the reader says what it is, and what to do. */
describe('files that are not what their names say', () => {
  const folder = temporaryFolder();

  async function refused(name: string, content: string | undefined, expected: object): Promise<void> {
    const file = join(folder.path, name);
    if (content !== undefined) writeFileSync(file, content, 'latin1');
    await assert.rejects(rowsOf(file), expected);
  }

  it('a pointer of Git LFS', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n';
    for (const name of ['a.jsonl', 'a.csv', 'a.txt'])
      await refused(name, pointer, { code: 'file/lfs-pointer', hint: /git lfs pull/ });
  });

  it('an Excel workbook', () =>
    refused('book.csv', 'PK\u0003\u0004\u0014\u0000', {
      code: 'data/not-utf8',
      hint: /Save the sheet as CSV/,
    }));

  it('columns between other signs than the ending says', async () => {
    const code = 'data/bad-header';
    await refused('semi.csv', 'text;label\na;b\n', {
      code,
      message: /separated by semicolons, not by commas/,
    });
    await refused('tabs.csv', 'text\tlabel\na\tb\n', { code, message: /separated by tabs/, hint: /\.tsv/ });
    await refused('commas.tsv', 'text,label\na,b\n', {
      code,
      message: /by commas, not by tabs/,
      hint: /\.csv/,
    });
    // One column whose name is a sentence.
    const file = join(folder.path, 'one.csv');
    writeFileSync(file, 'this; that\nx\n');
    assert.equal((await rowsOf(file)).length, 1);
  });

  it('a row that holds lists in lists without end', async () => {
    const deep = `{"text":${'['.repeat(20_000)}${']'.repeat(20_000)}}\n`;
    await refused('deep.jsonl', deep, { code: 'data/bad-row', message: /more than 500 deep/ });
    const params = { files: [join(folder.path, 'deep.jsonl')], columns: { text: 'text' }, format: 'text' };
    const facts = await dataFacts(params);
    assert.equal(facts.problems[0]?.code, 'data/bad-row');
  });

  it('a folder', async () => {
    mkdirSync(join(folder.path, 'rows.jsonl'));
    await refused('rows.jsonl', undefined, {
      code: 'file/unreadable',
      message: /it is a folder/,
      hint: /\*\.jsonl/,
    });
  });

  it('a pipe, for which nobody would wait to the end', async function () {
    if (process.platform === 'win32') this.skip();
    execFileSync('mkfifo', [join(folder.path, 'pipe.jsonl')]);
    await refused('pipe.jsonl', undefined, { code: 'file/unreadable', message: /no regular file/ });
  });
});
