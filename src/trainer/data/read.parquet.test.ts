import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import { classNames } from './class-labels.ts';
import { dataFacts } from './facts.ts';
import { LabelReader } from './labels.ts';
import { readRows } from './read.ts';
import { failureOf } from './testing/fixtures.ts';

/** Written by pyarrow: 50 rows in three row groups; rows.json holds the first four and the last as Python sees them. */
const FIXTURES = fileURLToPath(new URL('../../../test/fixtures/parquet', import.meta.url));

describe('Parquet files', () => {
  const folder = temporaryFolder();
  const fixture = (name: string) => join(FIXTURES, name);

  async function read(file: string) {
    const rows = [];
    for await (const row of readRows([file])) rows.push(row);
    return rows;
  }

  for (const codec of ['none', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4'])
    it(`hold what pyarrow wrote with ${codec}`, async () => {
      const rows = await read(fixture(`rows-${codec}.parquet`));
      assert.equal(rows.length, 50);
      const text = readFileSync(fixture('rows.json'), 'utf8');
      // Integers that a JavaScript number cannot hold are texts, with every digit.
      const expected: unknown = JSON.parse(text.replace(/: (\d{16,})/g, ': "$1"'));
      assert.deepEqual(
        [...rows.slice(0, 4), rows.at(-1)!].map(({ values }) => values),
        expected,
      );
      assert.deepEqual(
        rows.map(({ line }) => line),
        Array.from({ length: 50 }, (_, i) => i + 1),
      );
    });

  it('are read group by group, with the columns first and the bytes as they go', async () => {
    const file = fixture('rows-snappy.parquet');
    const told: unknown[] = [];
    const options = {
      onColumns: (_: string, columns: string[]) => told.push(columns),
      onBytes: (_: string, bytes: number) => told.push(bytes > 0),
    };
    let rows = 0;
    for await (const _row of readRows([file], options)) if (++rows === 21) break;
    assert.deepEqual(told, [['text', 'label', 'score', 'messages', 'tokens', 'meta'], true, true]);
  });

  for (const [format, columns, code, says] of [
    ['text', { text: 'score' }, 'data/not-text', '"score" of FILE holds numbers, and texts are needed.'],
    ['text', { text: 'tokens' }, 'data/not-text', '"tokens" of FILE holds lists, and texts are needed.'],
    [
      'chat',
      { messages: 'text' },
      'data/bad-messages',
      '"text" of FILE holds texts, and lists of messages are needed.',
    ],
    [
      'chat',
      { messages: 'tokens' },
      'data/bad-messages',
      '"tokens" of FILE holds lists of texts, and lists of messages are needed.',
    ],
    [
      'regression',
      { text: 'text', label: 'messages' },
      'data/no-number',
      '"messages" of FILE holds lists, and numbers are needed.',
    ],
    [
      'classification',
      { text: 'text', label: 'messages' },
      'data/bad-labels',
      '"messages" of FILE holds lists, and texts or numbers are needed.',
    ],
  ] as const)
    it(`of which a column has the wrong type: ${says.slice(0, -1)}, once`, async () => {
      const file = fixture('rows-snappy.parquet');
      const { problems } = await dataFacts({ files: [file], columns, format });
      const columnWide = problems.filter(({ line }) => line === undefined);
      assert.deepEqual(columnWide, [
        {
          code,
          file,
          message: `The column ${says.replace('FILE', file)}`,
          hint: 'Write the file with another type, or name another column.',
        },
      ]);
    });

  it('whose columns are others are told with the columns that are there', async () => {
    const file = fixture('rows-snappy.parquet');
    const columns = { text: 'text', label: 'intent' };
    const { problems } = await dataFacts({ files: [file], columns, format: 'classification' });
    const [first] = problems;
    assert.equal(first?.code, 'data/missing-column');
    assert.match(first.message, /has no column "intent" for the label; it has text, label, score/);
  });

  it('whose column is no text are told', async () => {
    const file = fixture('rows-snappy.parquet');
    const { problems } = await dataFacts({ files: [file], columns: { text: 'score' }, format: 'text' });
    assert.equal(problems[0]?.code, 'data/not-text');
  });

  it('that are none, or cut off, or damaged, or not there, are refused', async () => {
    const whole = readFileSync(fixture('rows-snappy.parquet'));
    const damaged = Buffer.from(whole);
    damaged.fill(0xff, 4, 400);
    const cases: [string, Buffer, RegExp][] = [
      ['csv.parquet', Buffer.from('text,label\na,b\n'), /cannot be read as Parquet/],
      ['empty.parquet', Buffer.alloc(0), /cannot be read as Parquet/],
      ['cut.parquet', whole.subarray(0, 900), /cannot be read as Parquet/],
      ['damaged.parquet', damaged, /cannot be read as Parquet/],
    ];
    for (const [name, content, expected] of cases) {
      const file = join(folder.path, name);
      writeFileSync(file, content);
      const failure = await failureOf(read(file));
      assert.match(failure.message, expected, name);
      assert.equal(failure.code, 'data/bad-parquet');
      assert.ok(failure.hint);
    }
    assert.equal((await failureOf(read(join(folder.path, 'none.parquet')))).code, 'file/missing');
    assert.equal((await failureOf(read(join(folder.path, 'a.parquet.gz')))).code, 'data/unknown-format');
  });

  it('whose footer claims more than there is are refused without taking all memory', async () => {
    const file = join(folder.path, 'hostile.parquet');
    const footer = Buffer.from([0xff, 0xff, 0xff, 0x7f, ...Buffer.from('PAR1')]);
    writeFileSync(file, Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(64), footer]));
    assert.equal((await failureOf(read(file))).code, 'data/bad-parquet');
  });

  it('give classes by name, alone and in lists, in the order of their ids', async () => {
    const rows = await read(fixture('classes.parquet'));
    assert.deepEqual(
      rows.map(({ values }) => [values['label'], values['labels']]),
      [
        ['mixed', ['anger']],
        ['negative', ['joy', 'anger']],
        ['positive', []],
        ['negative', ['joy']],
      ],
    );
    const reader = new LabelReader('label', {});
    for (const row of rows) reader.read(row);
    assert.deepEqual(reader.finish().names, ['negative', 'positive', 'mixed']);
  });

  it('tell of rows, not of lines, and of rows without a class', async () => {
    const file = fixture('classes-unlabelled.parquet');
    const facts = await dataFacts({
      files: [file],
      format: 'classification',
      columns: { text: 'text', label: 'label' },
      labels: ['negative', 'positive', 'mixed'],
    });
    assert.deepEqual(
      facts.problems.map(({ message }) => message.replace(file, 'FILE')),
      [
        'Row 3 of FILE has no label in the column "label".',
        'Row 4 of FILE has the label "7", which is none of the 3 labels (negative, positive and mixed).',
      ],
    );
  });

  it('say nothing of classes where the metadata is damaged', () => {
    for (const text of [
      undefined,
      '',
      '{',
      '[]',
      '{"info":{"features":{"a":{"_type":"ClassLabel","names":3}}}}',
    ])
      assert.deepEqual(classNames(text), {});
    const list = '{"info":{"features":{"a":[{"_type":"ClassLabel","names":["x"]}],"b":{"_type":"Value"}}}}';
    assert.deepEqual(classNames(list), { a: ['x'] });
  });
});
