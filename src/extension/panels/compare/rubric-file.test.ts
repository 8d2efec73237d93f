import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../runs/testing/fixtures.ts';
import { RubricFile } from './rubric-file.ts';
import { answer, record } from './testing/records.ts';

function line(row: number, candidate: string, criterion: string, score?: number): string {
  const reason = 'since ,"row":99,"candidate":"x"}';
  const judged = record(row * 7, { judge: answer(`${reason} [[${score}]]`, false) });
  return `${JSON.stringify({ ...judged, reason, score, row, candidate, criterion })}\n`;
}

describe('the file of scores', () => {
  const folder = temporaryFolder();

  it('gives scores and reasons by row and candidate; what was asked for again counts', () => {
    const path = join(folder.path, 'rubric.jsonl');
    const lines = [
      line(3, 'a', 'tone'),
      line(3, 'b', 'tone', 4),
      line(3, 'a', 'size', 1),
      line(3, 'a', 'tone', 2),
    ];
    writeFileSync(path, [...lines, 'damaged\n', line(4, 'a', 'tone')].join(''));
    const file = new RubricFile(path);
    while (file.read(1000));
    assert.deepEqual(file.scoresOf(3, 'a'), { tone: 2, size: 1 });
    assert.deepEqual(file.scoresOf(3, 'b'), { tone: 4 });
    assert.deepEqual([file.scoresOf(4, 'a'), file.scoresOf(99, 'a')], [undefined, undefined]);
    assert.deepEqual(
      file.of(3, 'a').map(({ criterion, score, reason }) => [criterion, score, reason.slice(0, 5)]),
      [
        ['size', 1, 'since'],
        ['tone', 2, 'since'],
      ],
    );
    assert.equal(file.of(4, 'a')[0]?.score, undefined);
    file.close();
  });
});
