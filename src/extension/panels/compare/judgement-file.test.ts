import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../runs/testing/fixtures.ts';
import { JudgementFile } from './judgement-file.ts';

function line(row: number, output: string, verdict?: string, [first, second] = ['a', 'b "}']): string {
  const judged = { output, correct: false, score: 0, latency: 1, prompt: 'which? ,"row":99,"first":"' };
  const record = { index: row * 2, source: 'a:1', input: 'x', reference: 'y', outputs: { judge: judged } };
  return `${JSON.stringify({ ...record, verdict, row, first, second })}\n`;
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

  it('tells what becomes of a row by both orders', () => {
    const path = join(folder.path, 'verdicts.jsonl');
    const straight: [string, string] = ['a', 'b "}'];
    const turned: [string, string] = ['b "}', 'a'];
    const both = (row: number, one?: string, other?: string) =>
      line(row, '', one, straight) + line(row, '', other, turned);
    const told = [
      both(0, 'second', 'first'),
      both(1, 'first', 'second'),
      both(2, 'tie', 'tie'),
      both(3, 'first', 'first'),
      both(4, 'tie', 'first'),
      both(5, 'first', undefined),
      both(6, undefined, undefined),
      line(7, '', 'first', straight),
    ];
    writeFileSync(path, told.join(''));
    const file = new JudgementFile(path);
    while (file.read(1000));
    assert.equal(file.lines, 15);
    const undecided = 'judge-undecided';
    assert.deepEqual(
      Array.from({ length: 9 }, (_, row) => file.chipOf(row, 'a', 'b "}')),
      [
        'judged-better',
        'judged-worse',
        'judged-tie',
        undecided,
        undecided,
        undecided,
        undecided,
        undefined,
        undefined,
      ],
    );
    assert.equal(file.chipOf(0, 'b "}', 'a'), 'judged-worse');
    assert.equal(file.chipOf(0, 'a', 'c'), undefined);
    file.close();
  });
});
