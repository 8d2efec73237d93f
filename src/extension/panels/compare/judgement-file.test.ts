import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../runs/testing/fixtures.ts';
import { JudgementFile } from './judgement-file.ts';

function line(row: number, output: string): string {
  const judged = { output, correct: false, score: 0, latency: 1, prompt: 'which? ,"row":99,"first":"' };
  const record = { index: row * 2, source: 'a:1', input: 'x', reference: 'y', outputs: { judge: judged } };
  return `${JSON.stringify({ ...record, row, first: 'a', second: 'b "}' })}\n`;
}

describe('the file of judgements', () => {
  const folder = temporaryFolder();

  it('gives what was said of a row, whatever texts hold, and reads on', () => {
    const path = join(folder.path, 'judgements.jsonl');
    const file = new JudgementFile(path);
    assert.equal(file.read(10), false);
    writeFileSync(path, line(3, '[[A]]') + line(4, 'long '.repeat(500_000)) + line(3, '[[B]]').slice(0, -20));
    file.read(1000);
    assert.deepEqual(
      file.of(3).map(({ outputs }) => outputs['judge']?.output),
      ['[[A]]'],
    );
    appendFileSync(path, line(3, '[[B]]').slice(-20));
    file.read(1000);
    assert.deepEqual(
      file.of(3).map(({ outputs, second }) => [outputs['judge']?.output, second]),
      [
        ['[[A]]', 'b "}'],
        ['[[B]]', 'b "}'],
      ],
    );
    assert.equal(file.of(4).length, 1);
    assert.deepEqual(file.of(99), []);
    file.close();
  });
});
