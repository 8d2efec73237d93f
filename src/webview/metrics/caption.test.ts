import assert from 'node:assert/strict';
import { describeLogLoss, describeReduction, describeSeries } from './caption.ts';
import { facts } from './testing/fixtures.ts';

const COURSE = facts({
  count: 620,
  first: { step: 1, value: 3.012 },
  last: { step: 1620, value: 0.4312 },
  min: { step: 1600, value: 0.41 },
  max: { step: 3, value: 3.4 },
  trend: 'falling',
});

describe('metrics: captions', () => {
  it('say where a line begins and ends, its extremes, and where it goes', () => {
    assert.equal(
      describeSeries('loss', COURSE),
      'From 3.012 at step 1 to 0.4312 at step 1,620; lowest 0.41 at step 1,600, highest 3.4 at step 3; still falling.',
    );
  });

  it('leave out extremes that are ends, and a trend that is not known', () => {
    const { first, last } = COURSE;
    const ends = { min: { step: 1620, value: 0.4312 }, max: { step: 1, value: 3.012 } };
    assert.equal(
      describeSeries('loss', facts({ count: 2, first, last, ...ends })),
      'From 3.012 at step 1 to 0.4312 at step 1,620.',
    );
  });

  it('write shares as percentages', () => {
    const only = { step: 100, value: 0.9123 };
    assert.equal(
      describeSeries('eval_accuracy', facts({ count: 1, first: only, last: only, min: only, max: only })),
      '91.2 % at step 100, its only value.',
    );
  });

  it('say where there was no number, and name only the first places', () => {
    const nonFinite = [130, 140, 150, 160, 170].map((from, i) => ({
      from,
      to: i === 1 ? 145 : from,
      count: i === 1 ? 6 : 1,
      kinds: i === 2 ? (['NaN', '-Infinity'] as const).slice() : (['NaN'] as const).slice(),
    }));
    const text = describeSeries('loss', { ...COURSE, nonFinite, last: { step: 170, value: 'NaN' } });
    assert.match(text, /to NaN at step 170/);
    assert.match(
      text,
      /NaN at step 130\. NaN from step 140 to 145 \(6 values\)\. NaN and −Infinity at step 150\. No number in 2 more places\.$/,
    );
  });

  it('say from where a run was resumed', () => {
    assert.match(
      describeSeries('loss', { ...COURSE, resumedAt: [300, 700] }),
      /Resumed from step 300, 700\.$/,
    );
  });

  it('say what a logarithmic axis leaves out', () => {
    assert.equal(describeLogLoss([COURSE]), undefined);
    assert.match(describeLogLoss([{ ...COURSE, min: { step: 5, value: 0 } }]) ?? '', /left out/);
  });

  it('say when points are left out', () => {
    assert.equal(describeReduction(10, 10), undefined);
    assert.match(describeReduction(1604, 20_000) ?? '', /1,604 of 20,000/);
  });
});
