import assert from 'node:assert/strict';
import type { RunSummary } from '../../protocol/run.ts';
import { announceChange, describeProgress } from './run-words.ts';
import { panelRun, summary } from './testing/fixtures.ts';

const NOW = Date.parse('2026-11-24T18:00:00.000Z');
const train = { phase: 'train', done: 620, total: 1000 };

describe('metrics: words for a run', () => {
  const cases: [Partial<RunSummary>, string][] = [
    [
      { progress: { ...train, rate: 8.31, secondsLeft: 46 } },
      'Training: step 620 of 1,000 (62 %), 8.31 steps/s, 46 s left.',
    ],
    [
      { progress: { ...train, rate: 0.238, secondsLeft: 1600 } },
      'Training: step 620 of 1,000 (62 %), 4.2 s a step, 26 min left.',
    ],
    [
      { state: 'evaluating', progress: { phase: 'evaluate', done: 100, total: 300 } },
      'Evaluating: 100 of 300 examples (33 %).',
    ],
    [
      { state: 'preparing', progress: { phase: 'tokenize', done: 1600, total: 1600 } },
      'Tokenizing: 1,600 rows.',
    ],
    [{ state: 'preparing' }, 'Preparing the data and the model.'],
    [{ state: 'queued', reason: 'Waiting for the CPU: a is on it' }, 'Waiting for the CPU: a is on it.'],
    [{ state: 'stopping', reason: 'Writing a checkpoint first.' }, 'Stopping. Writing a checkpoint first.'],
    [
      { state: 'finished', step: 1000, finishedAt: '2026-11-24T17:02:05.000Z' },
      'Finished 1,000 steps in 2 min 5 s.',
    ],
    [{ state: 'finished', finishedAt: '2026-11-24T17:00:09.000Z' }, 'Finished in 9 s.'],
    [
      { state: 'stopped', step: 40, reason: 'Stopped by request.', finishedAt: '2026-11-24T17:00:09.000Z' },
      'Stopped at step 40 after 9 s. Stopped by request.',
    ],
    [{ state: 'failed', step: 40, finishedAt: '2026-11-24T17:00:09.000Z' }, 'Failed at step 40 after 9 s.'],
    [
      { state: 'lost', step: 7, reason: 'Its process ended without saying so.' },
      'Lost at step 7. Its process ended without saying so.',
    ],
  ];
  for (const [fields, words] of cases)
    it(words, () => assert.equal(describeProgress(summary(fields), NOW), words));

  it('announces a change of state and new warnings, and no numbers', () => {
    const before = panelRun('a', { progress: train });
    const further = panelRun('a', { progress: { ...train, done: 700 }, step: 700 });
    assert.equal(announceChange(undefined, before), 'a: running.');
    assert.equal(announceChange(before, further), undefined);
    assert.equal(announceChange(further, panelRun('a', { state: 'finished' })), 'a: finished.');
    const warned = {
      ...further,
      notices: [{ severity: 'warning' as const, code: 'x', message: 'Cut.', count: 1 }],
    };
    assert.equal(announceChange(further, warned), 'Warning in a: Cut.');
    assert.equal(
      announceChange(warned, { ...warned, notices: [{ ...warned.notices[0]!, count: 2 }] }),
      undefined,
    );
  });
});
