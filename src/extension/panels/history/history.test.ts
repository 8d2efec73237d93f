import assert from 'node:assert/strict';
import type { RunEvent, RunEventBody } from '../../../protocol/events.ts';
import { History, PAGE_ROWS } from './history.ts';

function historyOf(...bodies: RunEventBody[]): History {
  const history = new History();
  history.add(bodies.map((body, i): RunEvent => ({ seq: i + 1, time: '2026-01-01T00:00:00.000Z', ...body })));
  return history;
}

function train(step: number, loss: number | 'NaN'): RunEventBody {
  return { type: 'metrics', split: 'train', step, epoch: step / 10, values: { loss } };
}

function evaluated(step: number, accuracy: number): RunEventBody {
  return { type: 'metrics', split: 'eval', step, epoch: step / 10, values: { eval_accuracy: accuracy } };
}

const preparing: RunEventBody = { type: 'state', state: 'preparing' };
const failed: RunEventBody = { type: 'state', state: 'failed' };

describe('panels: history', () => {
  it('puts the numbers of a step in one row, whatever split they are of', () => {
    const page = historyOf(train(1, 3), train(2, 'NaN'), evaluated(2, 0.5), train(3, 1)).page('id', 0);
    assert.deepEqual(page.columns, ['loss', 'eval_accuracy']);
    assert.deepEqual(
      page.rows.map(({ step, values }) => [step, ...values]),
      [
        [1, 3, null],
        [2, 'NaN', 0.5],
        [3, 1, null],
      ],
    );
  });

  it('pages', () => {
    const steps = Array.from({ length: 120 }, (_, i) => train(i + 1, i));
    const last = historyOf(...steps).page('id', 99);
    assert.deepEqual(
      [last.page, last.pages, last.rowCount, last.firstRow, last.rows.length],
      [2, 3, 120, 2 * PAGE_ROWS, 20],
    );
    assert.deepEqual(historyOf().page('id', 0), {
      runId: 'id',
      page: 0,
      pages: 1,
      rowCount: 0,
      firstRow: 0,
      columns: [],
      rows: [],
    });
  });

  it('a run that was resumed from an older checkpoint does its steps again', () => {
    const history = historyOf(
      preparing,
      ...[1, 2, 3, 4].map((step) => train(step, step)),
      evaluated(4, 0.9),
      preparing,
      train(3, 30),
    );
    assert.deepEqual(history.resumedAt, [2]);
    const page = history.page('id', 0);
    assert.deepEqual(
      page.rows.map(({ step, values }) => [step, ...values]),
      [
        [1, 1, null],
        [2, 2, null],
        [3, 30, null],
      ],
    );
  });

  it('a resume that loses nothing is told as well; the first start is none', () => {
    assert.deepEqual(historyOf(preparing, train(1, 1), preparing, train(2, 2)).resumedAt, [1]);
    assert.deepEqual(historyOf(preparing, train(1, 1), train(2, 2)).resumedAt, []);
  });

  it('draws what the machine did beside the numbers, and forgets it with the steps that are taken again', () => {
    const system = (step: number, cpu_percent: number): RunEventBody => ({
      type: 'system',
      step,
      values: { cpu_percent },
    });
    const history = historyOf(
      train(1, 1),
      system(1, 90),
      train(2, 2),
      train(3, 3),
      system(3, 80),
      train(2, 5),
      system(2, 70),
    );
    const [, cpu] = history.metrics;
    assert.equal(cpu?.metric, 'system/cpu_percent');
    assert.deepEqual([...cpu.series.values(0, 9)], [90, 70]);
    assert.equal(history.page('id', 0).rowCount, 2);
  });

  it('keeps samples, but not those of steps that are taken again', () => {
    const sample = (step: number, output: string): RunEventBody => ({
      type: 'sample',
      step,
      prompt: 'p',
      output,
    });
    const history = historyOf(
      train(1, 1),
      sample(1, 'a'),
      train(2, 2),
      sample(2, 'b'),
      train(2, 3),
      sample(2, 'c'),
    );
    assert.deepEqual(
      history.samples.map(({ output }) => output),
      ['a', 'c'],
    );
  });

  it('a second evaluation of the same step replaces the first', () => {
    const history = historyOf(train(1, 1), evaluated(1, 0.2), evaluated(1, 0.4));
    assert.deepEqual(history.page('id', 0).rows[0]?.values, [1, 0.4]);
    assert.deepEqual(history.resumedAt, []);
  });

  it('says a warning once and counts it; an error is forgotten when the run goes on', () => {
    const warning: RunEventBody = {
      type: 'warning',
      code: 'a/b',
      message: 'Rows were cut.',
      hint: 'Raise it.',
    };
    const error: RunEventBody = { type: 'error', code: 'c/d', message: 'The disk is full.' };
    const history = historyOf(warning, warning, error, failed);
    assert.deepEqual(history.notices, [
      { severity: 'warning', code: 'a/b', message: 'Rows were cut.', hint: 'Raise it.', count: 2 },
      { severity: 'error', code: 'c/d', message: 'The disk is full.', count: 1 },
    ]);
    assert.deepEqual(
      historyOf(warning, error, failed, preparing).notices.map(({ severity }) => severity),
      ['warning'],
    );
  });
});
