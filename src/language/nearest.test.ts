import assert from 'node:assert/strict';
import fc from 'fast-check';
import { editDistance, nearest } from './nearest.ts';

describe('nearest', () => {
  const fields = ['learning_rate', 'weight_decay', 'warmup_steps', 'seed', 'optim'];

  it('takes the name with the fewest slips', () => {
    assert.equal(nearest('learning_rat', fields), 'learning_rate');
    assert.equal(nearest('lerning_rate', fields), 'learning_rate');
    assert.equal(nearest('sede', fields), 'seed');
  });

  it('does not mind case, dashes and spaces', () => {
    assert.equal(nearest('Weight-Decay', fields), 'weight_decay');
    assert.equal(nearest('warmup steps', fields), 'warmup_steps');
  });

  it('takes none that is too far: more than a third of the word, or four', () => {
    assert.equal(nearest('sxxd', fields), undefined);
    assert.equal(nearest('gradient', fields), undefined);
    assert.equal(nearest('', fields), undefined);
  });
});

describe('editDistance', () => {
  const word = fc.string({ maxLength: 8 });

  it('counts insertions, deletions, replacements and swaps as one each', () => {
    assert.equal(editDistance('abc', 'abxc'), 1);
    assert.equal(editDistance('abc', 'ac'), 1);
    assert.equal(editDistance('abc', 'axc'), 1);
    assert.equal(editDistance('abc', 'acb'), 1);
    assert.equal(editDistance('', 'abc'), 3);
  });

  it('is the same both ways, and nothing for equal words alone', () =>
    fc.assert(
      fc.property(word, word, (a, b) => {
        assert.equal(editDistance(a, b), editDistance(b, a));
        assert.equal(editDistance(a, b) === 0, a === b);
        assert.ok(editDistance(a, b) <= Math.max(a.length, b.length));
      }),
    ));
});
