import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { mergeRecords, type EvaluationRecord } from '../../protocol/evaluation.ts';
import { temporaryFolder } from '../../runs/testing/fixtures.ts';
import { readRecords, RecordLog } from './record-log.ts';

const record = (index: number, candidate: string, output = 'undo'): EvaluationRecord => ({
  index,
  source: `data/test.csv:${index + 2}`,
  input: 'take that back – été',
  reference: 'undo',
  outputs: { [candidate]: { output, correct: output === 'undo', score: 0.9, latency: 0.4 } },
});

describe('records.jsonl', () => {
  const folder = temporaryFolder();
  const RECORDS = [record(0, 'base', 'redo'), record(1, 'base'), record(0, 'tuned'), record(1, 'tuned')];

  it('keeps what was appended, and goes on behind it', () => {
    const path = join(folder.path, 'records.jsonl');
    const first = new RecordLog(path);
    assert.deepEqual(first.found, []);
    first.append(RECORDS.slice(0, 2));
    first.close();
    const second = new RecordLog(path);
    assert.deepEqual(second.found, RECORDS.slice(0, 2));
    second.append(RECORDS.slice(2));
    second.append([]);
    second.flush();
    second.close();
    assert.deepEqual(readRecords(readFileSync(path)).records, RECORDS);
    const [merged] = mergeRecords(RECORDS);
    assert.deepEqual(
      Object.entries(merged!.outputs).map(([name, { output }]) => [name, output]),
      [
        ['base', 'redo'],
        ['tuned', 'undo'],
      ],
    );
  });

  it('gives the records before the cut, wherever it is, and the rest can be appended again', () => {
    const whole = Buffer.from(RECORDS.map((each) => `${JSON.stringify(each)}\n`).join(''));
    const path = join(folder.path, 'torn.jsonl');
    fc.assert(
      fc.property(fc.nat(whole.length), (cut) => {
        writeFileSync(path, whole.subarray(0, cut));
        const log = new RecordLog(path);
        assert.deepEqual(log.found, RECORDS.slice(0, log.found.length));
        log.append(RECORDS.slice(log.found.length));
        log.close();
        assert.ok(readFileSync(path).equals(whole));
      }),
    );
  });

  it('takes nothing behind a line that is no record', () => {
    const line = (value: unknown) => `${JSON.stringify(value)}\n`;
    const strange = [
      'null\n',
      '[]\n',
      '{"index":1}\n',
      line({ ...record(1, 'base'), index: 0.5 }),
      line({
        ...record(1, 'base'),
        outputs: { base: { output: 'undo', correct: true, score: null, latency: 1 } },
      }),
      '\0\0\0\n',
    ];
    for (const bad of strange) {
      const { records, bytes } = readRecords(Buffer.from(line(RECORDS[0]) + bad + line(RECORDS[1])));
      assert.deepEqual(records, [RECORDS[0]], bad);
      assert.equal(bytes, Buffer.byteLength(line(RECORDS[0])));
    }
  });

  it('says what is wrong when it cannot be written', () => {
    const path = join(folder.path, 'a-folder');
    mkdirSync(path);
    assert.throws(() => new RecordLog(path), /EISDIR|records of the evaluation/);
  });
});
