import assert from 'node:assert/strict';
import { axisRange, logTicks, logTickWords, tickWords } from './axis.ts';

const LINEAR = { log: false, share: false };

describe('metrics: the range of an axis', () => {
  it('leaves room around the values and does not go below zero without need', () => {
    assert.deepEqual(axisRange(0.1, 10, LINEAR), [0, 10.594]);
    const [low, high] = axisRange(-1, 1, LINEAR);
    assert.ok(low < -1 && high > 1);
  });

  it('gives a constant room on both sides', () => {
    const [low, high] = axisRange(5, 5, LINEAR);
    assert.ok(low < 5 && high > 5);
    assert.deepEqual(axisRange(0, 0, LINEAR), [0, 1]);
  });

  it('keeps shares within their bounds', () => {
    assert.deepEqual(axisRange(0, 1, { log: false, share: true }), [-0.02, 1.02]);
  });

  it('is a factor on a logarithmic axis', () => {
    const [low, high] = axisRange(1e-4, 1, { log: true, share: false });
    assert.ok(low > 0 && low < 1e-4 && high > 1 && high < 3);
    assert.deepEqual(axisRange(3, 3, { log: true, share: false }), [1.5, 6]);
  });

  it('is something without values', () => {
    assert.deepEqual(axisRange(null, null, LINEAR), [0, 1]);
    assert.deepEqual(axisRange(null, null, { log: true, share: false }), [0.1, 1]);
  });
});

describe('metrics: words at ticks', () => {
  const cases: [number[], boolean, string[]][] = [
    [[0, 1, 2], false, ['0', '1', '2']],
    [[0.5, 0.75, 1], false, ['0.50', '0.75', '1.00']],
    [[0.431, 0.432], false, ['0.431', '0.432']],
    [[4000, 12_000], false, ['4,000', '12,000']],
    [[0, 2e-5, 4e-5], false, ['0', '2e-5', '4e-5']],
    [[1e-5, 1.5e-5, 2e-5], false, ['1e-5', '1.5e-5', '2e-5']],
    [[0, 0.2, 0.4], true, ['0 %', '20 %', '40 %']],
    [[0.985, 0.99, 0.995], true, ['98.5 %', '99.0 %', '99.5 %']],
    [[0.2000001, 0.2000002], false, ['0.2000001', '0.2000002']],
    [[0.7], false, ['0.7']],
  ];
  for (const [ticks, share, words] of cases)
    it(words.join(' '), () => assert.deepEqual(tickWords(ticks, share), words));

  it('are empty for a tick without a word', () => {
    assert.deepEqual(tickWords([null, 1, 2], false), ['', '1', '2']);
    assert.deepEqual(logTickWords([null, 0.01, 100], false), ['', '0.01', '100']);
  });
});

describe('metrics: ticks of a logarithmic axis', () => {
  const cases: [number, number, number[]][] = [
    [0.3, 3.2, [0.5, 1, 2]],
    [4e-7, 6e-5, [5e-7, 1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5]],
    [1e-4, 1, [1e-4, 1e-3, 0.01, 0.1, 1]],
    [3900, 4600, [4000, 4200, 4400, 4600]],
    [1e-12, 1e6, [1e-12, 1e-9, 1e-6, 1e-3, 1, 1e3, 1e6]],
  ];
  for (const [min, max, ticks] of cases)
    it(`from ${min} to ${max}`, () => assert.deepEqual(logTicks(min, max), ticks));
});
