import assert from 'node:assert/strict';
import { axisWord, placeWords, rangeWords } from './axis-words.ts';

describe('metrics: words of an axis', () => {
  it('are steps, epochs, or time', () => {
    assert.equal(axisWord('step', 1200), '1,200');
    assert.equal(axisWord('time', 65 / 60), '1 h 5 min');
    assert.equal(placeWords('epoch', 2.25), 'epoch 2.25');
    assert.equal(placeWords('time', 0.5), 'after 30 min');
    assert.equal(rangeWords('step', [10, 20]), 'Steps 10 to 20');
    assert.equal(rangeWords('time', [0, 0.5]), 'From 0 s to 30 min');
  });
});
