import assert from 'node:assert/strict';
import type { RunEvent } from '../../protocol/events.ts';
import { csvOf } from './export-csv.ts';
import { History } from './history/history.ts';
import { HealthWatch } from './watch-health.ts';

function metrics(
  seq: number,
  step: number,
  split: 'train' | 'eval',
  values: Record<string, number | 'NaN'>,
): RunEvent {
  const time = new Date(Date.UTC(2026, 0, 1) + step * 1000).toISOString();
  return { seq, time, type: 'metrics', split, step, epoch: step / 2, values };
}

describe('panels: export', () => {
  it('writes every number of every run, one row a step, with what is no number as a word', () => {
    const [one, other] = [new History(), new History()];
    one.add([
      metrics(1, 1, 'train', { loss: 0.5 }),
      metrics(2, 2, 'train', { loss: 'NaN' }),
      metrics(3, 2, 'eval', { eval_loss: 0.25 }),
    ]);
    other.add([metrics(1, 1, 'train', { 'a,b': 1 })]);
    assert.equal(
      csvOf([
        { id: 'r1', name: 'say "hi"', history: one },
        { id: 'r2', name: '=cmd()', history: other },
      ]),
      [
        'run,name,step,epoch,seconds,loss,eval_loss,"a,b"',
        'r1,"say ""hi""",1,0.5,0,0.5,,',
        'r1,"say ""hi""",2,1,1,NaN,0.25,',
        "r2,'=cmd(),1,0.5,0,,,1",
        '',
      ].join('\r\n'),
    );
  });
});

describe('panels: a run that is watched', () => {
  it('that is silent for long while it trains is told, and looked at every few seconds alone', () => {
    const history = new History();
    history.add([metrics(1, 1, 'train', { loss: 1 })]);
    const watch = new HealthWatch('/nowhere');
    const summary = {
      id: 'a',
      dir: '/nowhere',
      kind: 'run' as const,
      name: 'a',
      createdAt: '',
      file: '',
      state: 'running' as const,
      metrics: {},
      step: 1,
      epoch: 0,
      warnings: 0,
      checkpoint: { step: 1, path: 'checkpoint-1' },
    };
    const then = Date.UTC(2026, 0, 1) + 1000;
    assert.deepEqual(watch.look(history, summary, then), []);
    assert.deepEqual(watch.look(history, summary, then + 4000), []);
    const [alert] = watch.look(history, summary, then + 120_000);
    assert.equal(alert?.code, 'watch/stalls');
    assert.match(alert?.message ?? '', /for 2 minutes\.$/);
  });
});
