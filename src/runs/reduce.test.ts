import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { RunEvent, RunEventBody } from '../protocol/events.ts';
import { EMPTY_FOLD, reduce } from './reduce.ts';

function events(...bodies: RunEventBody[]): RunEvent[] {
  return bodies.map((body, index) => ({
    seq: index + 1,
    time: `2026-11-24T17:00:0${index % 10}.000Z`,
    ...body,
  }));
}

describe('reduce', () => {
  it('follows a run from the queue to its end', () => {
    const fold = reduce(
      events(
        { type: 'state', state: 'queued', reason: 'Waits for cpu.' },
        { type: 'state', state: 'preparing' },
        { type: 'state', state: 'running' },
        { type: 'progress', phase: 'train', done: 1, total: 2, rate: 4, secondsLeft: 0.25 },
        { type: 'metrics', split: 'train', step: 1, epoch: 0.5, values: { loss: 'NaN', grad_norm: 1 } },
        { type: 'warning', code: 'w', message: 'm' },
        { type: 'checkpoint', step: 1, path: 'checkpoint-1' },
        { type: 'metrics', split: 'eval', step: 2, epoch: 1, values: { eval_loss: 0.5 } },
        { type: 'state', state: 'finished' },
      ),
    );
    assert.deepEqual(fold, {
      seq: 9,
      state: 'finished',
      reason: undefined,
      progress: { phase: 'train', done: 1, total: 2, rate: 4, secondsLeft: 0.25 },
      metrics: { loss: 'NaN', grad_norm: 1, eval_loss: 0.5 },
      step: 2,
      epoch: 1,
      warnings: 1,
      checkpoint: { step: 1, path: 'checkpoint-1' },
      startedAt: '2026-11-24T17:00:02.000Z',
      finishedAt: '2026-11-24T17:00:08.000Z',
    });
  });

  it('forgets the end and the error of a run that was resumed', () => {
    const failed = events(
      { type: 'state', state: 'running' },
      { type: 'error', code: 'run/disk-full', message: 'full' },
      { type: 'state', state: 'failed' },
    );
    assert.equal(reduce(failed).error?.code, 'run/disk-full');
    const resumed = reduce([...failed, { seq: 4, time: 't', type: 'state', state: 'preparing' }]);
    assert.equal(resumed.error, undefined);
    assert.equal(resumed.finishedAt, undefined);
    assert.equal(resumed.state, 'preparing');
  });

  it('leaves what it was given as it was', () => {
    const before = reduce(
      events({ type: 'metrics', split: 'train', step: 1, epoch: 0, values: { loss: 1 } }),
    );
    const copy = structuredClone(before);
    reduce(
      [{ seq: 2, time: 't', type: 'metrics', split: 'train', step: 2, epoch: 0, values: { loss: 2 } }],
      before,
    );
    assert.deepEqual(before, copy);
    assert.deepEqual(EMPTY_FOLD.metrics, {});
  });

  it('gives the same for any pieces, and for pieces that overlap', () => {
    const body: fc.Arbitrary<RunEventBody> = fc.oneof(
      fc.constantFrom<RunEventBody>(
        { type: 'state', state: 'running' },
        { type: 'state', state: 'stopped', reason: 'asked' },
        { type: 'warning', code: 'c', message: 'm' },
        { type: 'error', code: 'c', message: 'm' },
      ),
      fc.nat(100).map((step): RunEventBody => ({
        type: 'metrics',
        split: 'train',
        step,
        epoch: 0,
        values: { loss: step },
      })),
    );
    fc.assert(
      fc.property(fc.array(body, { maxLength: 30 }), fc.nat(30), fc.nat(5), (bodies, cut, overlap) => {
        const all = events(...bodies);
        const pieces = reduce(all.slice(Math.max(0, cut - overlap)), reduce(all.slice(0, cut)));
        assert.deepEqual(pieces, reduce(all));
      }),
    );
  });
});
