import assert from 'node:assert/strict';
import { describeRun, elapsed, headline, originOf, percentDone, stateWord } from './describe-run.ts';
import type { RunSummary } from './run.ts';

const NOW = Date.parse('2026-11-24T18:00:00.000Z');

function run(fields: Partial<RunSummary>): RunSummary {
  return {
    ...{ id: 'a', dir: '/d', kind: 'run', name: 'intents', createdAt: '2026-11-24T17:00:00.000Z', file: 'f' },
    ...{ state: 'running', metrics: {}, step: 0, epoch: 0, warnings: 0 },
    ...fields,
  } satisfies RunSummary;
}

const ended = { finishedAt: '2026-11-24T17:55:00.000Z' };

describe('words for a run', () => {
  it('say where it comes from', () => {
    const id = '20261124T170000Z-intents-lora-1a2b';
    const cases = [
      [{ id, as: 'restart', step: 1500 }, 'continued from step 1,500 of intents-lora'],
      [{ id, as: 'restart', step: 0 }, 'intents-lora once more'],
      [{ id, as: 'duplicate' }, 'copy of intents-lora'],
      [{ id, as: 'sweep', trial: 2 }, 'part of the sweep intents-lora'],
    ] as const;
    for (const [parent, words] of cases) assert.equal(originOf({ parent }), words);
    assert.equal(originOf({}), undefined);
  });

  const cases: [Partial<RunSummary>, string][] = [
    [
      { progress: { phase: 'train', done: 62, total: 100, secondsLeft: 46 }, metrics: { loss: 0.43123 } },
      '62 % · loss 0.4312 · 46 s left',
    ],
    [{ progress: { phase: 'evaluate', done: 1, total: 4 } }, 'evaluating 25 %'],
    [{ kind: 'evaluate', progress: { phase: 'evaluate', done: 1, total: 4 } }, '25 %'],
    [{ state: 'queued', reason: 'Waiting for the CPU.' }, 'queued · Waiting for the CPU.'],
    [{ state: 'preparing' }, 'preparing'],
    [
      { state: 'finished', metrics: { loss: 0.1, eval_accuracy: 0.931 }, ...ended },
      'accuracy 93.1 % · 5 min ago',
    ],
    [
      { state: 'stopped', step: 40, metrics: { loss: 'NaN' }, ...ended },
      'stopped · step 40 · loss NaN · 5 min ago',
    ],
    [
      { state: 'failed', error: { code: 'x', message: 'The disk is full.' }, ...ended },
      'failed · The disk is full. · 5 min ago',
    ],
    [
      { createdAt: '', problem: 'run.json is missing or is not JSON.' },
      'run.json is missing or is not JSON.',
    ],
  ];
  for (const [fields, words] of cases) it(words, () => assert.equal(describeRun(run(fields), NOW), words));

  it('100 % means done', () => {
    assert.equal(percentDone(run({ progress: { phase: 'train', done: 999, total: 1000 } })), 99);
    assert.equal(percentDone(run({ progress: { phase: 'train', done: 0, total: 0 } })), undefined);
  });

  it('an evaluation evaluates while it runs', () => {
    assert.equal(stateWord(run({ kind: 'evaluate' })), 'evaluating');
    assert.equal(stateWord(run({})), 'running');
  });

  it('a run without numbers has no headline, one without times no duration', () => {
    assert.equal(headline(run({})), undefined);
    assert.equal(elapsed(run({ createdAt: '' }), NOW), undefined);
    assert.equal(elapsed(run(ended), NOW), 3300);
    assert.equal(elapsed(run({}), NOW), 3600);
  });
});
