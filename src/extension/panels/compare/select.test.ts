import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompareQuery } from '../../../protocol/compare.ts';
import { temporaryFolder } from '../../../runs/testing/fixtures.ts';
import { describeDetail, describeRows } from './describe-rows.ts';
import { INITIAL_QUERY } from './compare-state.ts';
import { RecordTable } from './record-table.ts';
import { select } from './select.ts';
import { answer, record, writeRecords } from './testing/records.ts';

const LONG = 'x'.repeat(100_000);

describe('compare: records and what is selected of them', () => {
  const folder = temporaryFolder();
  let path: string;
  let table: RecordTable;

  before(() => {
    path = join(folder.path, 'records.jsonl');
    const inputs = ['Größe ändern', 'say "outputs":{} now', 'third', LONG];
    const of = (name: string, outputs: [string, boolean, number][]) =>
      outputs.map(([output, correct, score], i) =>
        record(
          i,
          { [name]: answer(output, correct, { score, latency: i }) },
          { input: inputs[i], reference: i % 2 ? 'no' : 'yes' },
        ),
      );
    writeRecords(path, [
      ...of('a', [
        ['yes', true, 0.9],
        ['yes', false, 0.2],
        ['no', false, 0.5],
        ['no', true, 0.6],
      ]),
      ...of('b', [
        ['no', false, 0.4],
        ['no', true, 0.7],
        ['maybe', false, 0.45],
        ['no', true, 0.6],
      ]),
    ]);
    table = new RecordTable(path, ['a', 'b']);
    while (table.read(1000));
  });

  after(() => table.close());

  const rows = (query: Partial<CompareQuery>) => [...select(table, { ...INITIAL_QUERY, ...query }).rows];

  it('chips', () => {
    assert.deepEqual(rows({ chip: 'regressed' }), [0]);
    assert.deepEqual(rows({ chip: 'fixed' }), [1]);
    assert.deepEqual(rows({ chip: 'both-wrong' }), [2]);
    assert.deepEqual(rows({ chip: 'changed' }), [0, 1, 2]);
    const { counts, query } = select(table, { ...INITIAL_QUERY });
    const ofJudge = { 'judged-better': 0, 'judged-worse': 0, 'judged-tie': 0, 'judge-undecided': 0 };
    assert.deepEqual(counts, { all: 4, regressed: 1, fixed: 1, 'both-wrong': 1, changed: 3, ...ofJudge });
    assert.deepEqual([query.a, query.b], ['a', 'b']);
  });

  it('chips of a judge, under the other filters', () => {
    const said = ['judged-better', 'judge-undecided', undefined, 'judged-better'] as const;
    const chosen = select(
      table,
      { ...INITIAL_QUERY, chip: 'judged-better', label: 'yes' },
      (row, a, b) => (assert.deepEqual([a, b], ['a', 'b']), said[row]),
    );
    assert.deepEqual([...chosen.rows], [0]);
    assert.deepEqual([chosen.counts.all, chosen.counts['judged-better']], [2, 1]);
    assert.equal(chosen.counts['judge-undecided'], 0);
  });

  it('the other way round fixed is regressed', () => {
    assert.deepEqual(rows({ a: 'b', b: 'a', chip: 'fixed' }), [0]);
  });

  it('text in any case, also in a row that is too long to keep in memory', () => {
    assert.deepEqual(rows({ text: 'GRÖSSE' }), []);
    assert.deepEqual(rows({ text: 'GRÖßE' }), [0]);
    assert.deepEqual(rows({ text: 'MAYBE' }), [2]);
    assert.deepEqual(rows({ text: '"outputs":{}' }), [1]);
    assert.equal(table.texts[3], undefined);
    assert.deepEqual(rows({ text: 'X'.repeat(70_000) }), [3]);
  });

  it('label, length and score', () => {
    assert.deepEqual(rows({ label: 'no' }), [1, 3]);
    assert.deepEqual(rows({ label: 'unheard of' }), []);
    assert.deepEqual(rows({ length: [6, 100] }), [0, 1]);
    assert.deepEqual(rows({ score: [0.45, 0.6] }), [2, 3]);
  });

  it('sorts, equal rows in the order of the data', () => {
    assert.deepEqual(rows({ sort: 'disagreement' }), [0, 1, 2, 3]);
    assert.deepEqual(rows({ sort: 'score' }), [0, 1, 2, 3]);
    assert.deepEqual(rows({ sort: 'length' }), [3, 1, 0, 2]);
    assert.deepEqual(rows({ sort: 'latency' }), [3, 2, 1, 0]);
  });

  it('scores of both, in tenths', () => {
    const { scatter } = select(table, { ...INITIAL_QUERY });
    assert.equal(scatter[9]?.[4], 1);
    assert.equal(
      scatter.flat().reduce((sum, count) => sum + count, 0),
      4,
    );
  });

  it('rows and the open one come from the file, cut off where they are long', () => {
    const [first, , , last] = describeRows(table, [0, 1, 2, 3]);
    assert.deepEqual(
      first?.answers.map((one) => one?.output),
      ['yes', 'no'],
    );
    assert.equal(last?.input.length, 300);
    const detail = describeDetail(table, 3, 0, { edits: new Map([['b', 'better']]) });
    assert.deepEqual(detail?.cut, ['input']);
    assert.equal(detail?.answers[1]?.edited, 'better');
    assert.equal(describeDetail(table, 99, 0), undefined);
  });

  it('follows a file that grows, takes a torn line when it is whole, and the later of two answers', () => {
    const line = JSON.stringify(record(4, { a: answer('yes', true) }));
    appendFileSync(path, line.slice(0, 20));
    table.read(1000);
    assert.equal(table.rows, 4);
    appendFileSync(path, `${line.slice(20)}\n${JSON.stringify(record(4, { a: answer('again', false) }))}\n`);
    table.read(1000);
    assert.equal(table.rows, 5);
    assert.equal(table.record(4)?.outputs['a']?.output, 'again');
    assert.deepEqual(
      rows({ chip: 'changed' }),
      [0, 1, 2],
      'A row that one has not answered is of no chip but all.',
    );
    assert.equal(rows({}).length, 5);
  });
});
