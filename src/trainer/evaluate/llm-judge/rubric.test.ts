import assert from 'node:assert/strict';
import { criteriaOf, lackOfScore, reasonIn, scoreIn, scoreWords } from './rubric.ts';

const [CRITERION] = criteriaOf({ politeness: { criteria: 'politeness', scale: { 5: 'polite', 1: 'rude' } } });

describe('the score of a judge', () => {
  const cases: [string, number | undefined][] = [
    ['It is kind. [[5]]', 5],
    ['[[ 3 ]]', 3],
    ['[[1]] … so: [[1]]', 1],
    ['[[2]] or [[3]]', undefined],
    ['[[0]]', undefined],
    ['[[6]]', undefined],
    ['[[-1]]', undefined],
    ['[[4.5]]', undefined],
    ['[[4.0]]', 4],
    ['Score: 4', undefined],
    ['[4]', undefined],
    ['[[A]]', undefined],
    ['', undefined],
  ];
  for (const [text, score] of cases)
    it(`is ${score ?? 'not guessed'} in ${JSON.stringify(text)}`, () => {
      assert.equal(scoreIn(text, CRITERION!), score);
      assert.equal(lackOfScore(text, CRITERION!) === undefined, score !== undefined);
    });

  it('goes from the lowest of the scale to the highest, and leaves the reason', () => {
    assert.deepEqual(scoreWords(CRITERION!), ['[[1]]', '[[2]]', '[[3]]', '[[4]]', '[[5]]']);
    assert.equal(reasonIn('Kind words.\n\n[[5]]'), 'Kind words.');
    assert.match(lackOfScore('[[9]]', CRITERION!)?.why ?? '', /^gave \[\[9\]\] as its score for politeness/);
  });
});
