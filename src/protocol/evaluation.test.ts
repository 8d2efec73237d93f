import assert from 'node:assert/strict';
import { mergeRecords, type CandidateOutput, type EvaluationRecord } from './evaluation.ts';

const answer = (output: string): CandidateOutput => ({ output, correct: false, score: 0.5, latency: 1 });
const line = (index: number, outputs: Record<string, CandidateOutput>): EvaluationRecord => {
  return { index, source: `test.csv:${index + 2}`, input: `text ${index}`, reference: 'open', outputs };
};

describe('mergeRecords', () => {
  it('joins the lines of one example, in the order of the examples', () => {
    const lines = [line(1, { a: answer('x') }), line(0, { a: answer('y') }), line(1, { b: answer('z') })];
    const merged = mergeRecords(lines);
    assert.deepEqual(
      merged.map((record) => record.index),
      [0, 1],
    );
    assert.deepEqual(merged[1]?.outputs, { a: answer('x'), b: answer('z') });
    assert.deepEqual(Object.keys(lines[0]?.outputs ?? {}), ['a'], 'the lines themselves stay as they were');
  });

  it('takes the later of two answers', () => {
    const merged = mergeRecords([line(0, { a: answer('old') }), line(0, { a: answer('new') })]);
    assert.equal(merged[0]?.outputs['a']?.output, 'new');
  });

  it('gives nothing for nothing', () => assert.deepEqual(mergeRecords([]), []));
});
