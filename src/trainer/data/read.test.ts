import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { TunebookError } from '../../protocol/error.ts';
import { readRows, type SourceRow } from './read.ts';

describe('reading data files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'tunebook-data-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(name: string, content: string | Buffer): string {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return file;
  }

  async function rows(file: string): Promise<[line: number, ...values: unknown[]][]> {
    const found: SourceRow[] = [];
    for await (const row of readRows([file])) found.push(row);
    return found.map(({ line, values }) => [line, ...Object.values(values)]);
  }

  async function failure(file: string): Promise<TunebookError> {
    try {
      await rows(file);
    } catch (error) {
      assert.ok(error instanceof TunebookError, String(error));
      assert.equal(error.location?.file, file);
      assert.ok(error.hint);
      return error;
    }
    assert.fail(`${file} was accepted`);
  }

  it('gives csv rows the lines they begin on, also behind fields of several lines', async () => {
    const file = write('a.csv', '\ufefftext,label\r\n"a\r\nb, ""c""",x\r\n\r\nit is "so",y\r\n"",z');
    assert.deepEqual(await rows(file), [
      [2, 'a\r\nb, "c"', 'x'],
      [5, 'it is "so"', 'y'],
      [6, '', 'z'],
    ]);
  });

  it('reads the same from a file with mixed line ends and many blocks', async () => {
    const line = (i: number) => `"row ${i}\nsecond ""line""",${i}${i % 2 ? '\n' : '\r\n'}`;
    const count = 40_000;
    const found = await rows(
      write('a.csv', `text,n\n${Array.from({ length: count }, (_, i) => line(i)).join('')}`),
    );
    assert.equal(found.length, count);
    for (let i = 0; i < count; i++)
      assert.deepEqual(found[i], [2 + 2 * i, `row ${i}\nsecond "line"`, String(i)]);
  });

  it('reads tab-separated values', async () => {
    assert.deepEqual(await rows(write('a.tsv', 'text\tlabel\na, b\t"c\td"\n')), [[2, 'a, b', 'c\td']]);
  });

  it('reads JSON arrays with the line of each element', async () => {
    const file = write('a.json', '[\n {"a": "]}\\"[{\\\\", "b": [1, {"c": 2}]},\n\n {\n "a": 3}\n]\n');
    assert.deepEqual(await rows(file), [
      [2, ']}"[{\\', [1, { c: 2 }]],
      [4, 3],
    ]);
  });

  it('reads JSON lines, also from a file called .json', async () => {
    for (const name of ['a.jsonl', 'a.json']) {
      assert.deepEqual(await rows(write(name, '{"a":1}\r\n\r\n{"a":"é"}')), [
        [1, 1],
        [3, 'é'],
      ]);
    }
  });

  it('cuts JSON elements that are longer than a block', async () => {
    const long = 'x'.repeat(700_000);
    const file = write('a.json', JSON.stringify([{ a: long }, { a: '[' }, { a: long }], null, 1));
    assert.deepEqual((await rows(file)).map(([line, value]) => [line, String(value).length]), [[2, 700_000], [5, 1], [8, 700_000]]); // prettier-ignore
  });

  it('reads text files by lines, without the blank ones', async () => {
    assert.deepEqual(await rows(write('a.txt', 'one\r\n\n  \ntwo')), [
      [1, 'one'],
      [4, 'two'],
    ]);
  });

  it('unpacks .gz', async () => {
    assert.deepEqual(await rows(write('a.csv.gz', gzipSync('text\nhello\n'))), [[2, 'hello']]);
  });

  const latin1 = Buffer.from('text,label\nok,x\ncafé au lait,y\n', 'latin1');
  const bad: [
    name: string,
    content: string | Buffer,
    code: string,
    line: number | undefined,
    message: RegExp,
  ][] = [
    ['latin1.csv', latin1, 'data/not-utf8', 3, /byte 0xE9 at column 4/],
    ['utf16.csv', Buffer.from('\ufeffa,b\n', 'utf16le'), 'data/not-utf8', 1, /is UTF-16/],
    ['cut.txt', Buffer.from('ok\nné').subarray(0, -1), 'data/not-utf8', 2, /byte 0xC3 at column 2/],
    ['open.csv', 'a,b\n1,2\n"x,3\n4,5\n', 'data/bad-csv', 3, /never closed/],
    ['fields.csv', 'a,b\n1,2\n"\n",3,4\n', 'data/bad-row', 3, /3 fields, but the header names 2 \(a and b\)/],
    ['few.csv', 'a,b\n1\n', 'data/bad-row', 2, /has 1 field,/],
    ['twice.csv', 'a,a\n1,2\n', 'data/bad-header', 1, /two columns "a"/],
    [
      'word.json',
      '[{"a":1},\n{"a":tru}]',
      'data/bad-json',
      2,
      /word.json:2 is no valid JSON: Unexpected token '}'\./,
    ],
    ['open.json', '[{"a":1},\n{"a":1', 'data/bad-json', 2, /begins at line 2 is not closed/],
    ['array.json', '[{"a":1},\n', 'data/bad-json', 2, /its array is not closed/],
    ['number.json', '[{"a":1},\n 5]', 'data/bad-json', 2, /"5]" at line 2, column 2/],
    ['comma.jsonl', '{"a":1}\n{"a":1,}\n', 'data/bad-json', 2, /:2:8 is no valid JSON/],
    ['array.jsonl', '{"a":1}\n[1]\n', 'data/bad-row', 2, /is an array/],
    ['cut.csv.gz', gzipSync('text\nhello\n').subarray(0, 20), 'data/bad-gzip', undefined, /no whole gzip/],
    ['sheet.xlsx', '', 'data/unknown-format', undefined, /Files ending in .xlsx/],
  ];
  for (const [name, content, code, line, message] of bad) {
    it(`says what is wrong with ${name}`, async () => {
      const error = await failure(write(name, content));
      assert.equal(error.code, code);
      assert.equal(error.location?.line, line);
      assert.match(error.message, message);
    });
  }

  it('names a file that is missing', async () => {
    assert.equal((await failure(path.join(folder, 'no.csv'))).code, 'file/missing');
  });

  it('reports bad rows and goes on when asked to', async () => {
    const file = write('a.jsonl', '{"a":1}\nnonsense\n{"a":2}\n3\n');
    const problems: (number | undefined)[] = [];
    const found: number[] = [];
    for await (const row of readRows([file], {
      onProblem: ({ location }) => problems.push(location?.line),
    })) {
      found.push(row.line);
    }
    assert.deepEqual([found, problems], [[1, 3], [2, 4]]); // prettier-ignore
  });

  it('stops when aborted', async () => {
    const file = write('a.txt', 'line\n'.repeat(300_000));
    const controller = new AbortController();
    await assert.rejects(async () => {
      for await (const { line } of readRows([file], { signal: controller.signal })) {
        if (line === 10) controller.abort();
      }
    }, /abort/i);
  });
});
