import assert from 'node:assert/strict';
import type { EvaluationResult } from '../../protocol/evaluation.ts';
import { applyUpdate, openPage, startModel, stateOf, viewOf, zoomTo } from './model.ts';
import { panelRun, series } from './testing/fixtures.ts';

const STATE = { runs: [{ id: 'a', dir: '/d' }], smoothing: 0.5, logScale: true, show: 'table' as const };
const RESULT: EvaluationResult = { type: 'result', data: 'd', candidates: {}, pairs: [], verdict: 'v' };
const start = () => startModel(STATE);

describe('metrics: model', () => {
  it('keeps over a reload what it was started with, also before the host has answered', () => {
    assert.deepEqual(stateOf(start()), STATE);
  });

  it('asks for the first run that trains once the table is open', () => {
    const model = applyUpdate(start(), { runs: [panelRun('e', { kind: 'evaluate' }), panelRun('a')] });
    assert.deepEqual(viewOf(model), { smoothing: 0.5, buckets: 800, table: { runId: 'a', page: 0 } });
    assert.deepEqual(viewOf({ ...model, show: 'charts', range: [3, 9] }), {
      smoothing: 0.5,
      buckets: 800,
      range: [3, 9],
    });
  });

  it('replaces a series by its newer self and leaves others', () => {
    let model = applyUpdate(start(), {
      runs: [panelRun('a')],
      series: [series('a', 'loss'), series('a', 'eval_loss')],
    });
    model = applyUpdate(model, { series: [series('a', 'loss', { 1: 1, 2: 2 })] });
    assert.deepEqual(
      [...model.series.values()].map(({ metric, points }) => [metric, points.x.length]),
      [
        ['loss', 2],
        ['eval_loss', 1],
      ],
    );
  });

  it('forgets the series and evaluations of a run that is cleared or taken away', () => {
    const evaluations = ['a', 'b'].map((runId) => ({ runId, name: 'n', result: RESULT }));
    const full = applyUpdate(start(), {
      runs: [panelRun('a'), panelRun('b')],
      series: [series('a', 'loss'), series('b', 'loss')],
      evaluations,
    });
    const cleared = applyUpdate(full, { cleared: ['a'], series: [series('a', 'grad_norm')] });
    assert.deepEqual(
      [...cleared.series.values()].map(({ runId, metric }) => runId + metric),
      ['bloss', 'agrad_norm'],
    );
    const removed = applyUpdate(full, { runs: [panelRun('b')] });
    assert.deepEqual(
      [...removed.series.values()].map(({ runId }) => runId),
      ['b'],
    );
    assert.deepEqual(
      removed.evaluations.map(({ runId }) => runId),
      ['b'],
    );
    assert.deepEqual(removed.tablePage, { runId: 'b', page: 0 });
  });

  it('an evaluation that comes again replaces itself', () => {
    const one = { runId: 'a', name: 'n', result: RESULT };
    let model = applyUpdate(start(), { runs: [panelRun('a')], evaluations: [one] });
    model = applyUpdate(model, { evaluations: [{ ...one, result: { ...RESULT, verdict: 'w' } }] });
    assert.deepEqual(
      model.evaluations.map(({ result }) => result.verdict),
      ['w'],
    );
  });

  it('says what a person asked for, for those who do not see it', () => {
    const table = { runId: 'a', page: 0, pages: 3, rowCount: 120, firstRow: 0, columns: [], rows: [] };
    const model = applyUpdate(start(), { runs: [panelRun('a')], table });
    const opened = openPage(model, 'a', 2);
    assert.deepEqual([opened.tablePage, opened.announcement], [{ runId: 'a', page: 2 }, 'Page 3 of 3.']);
    const zoomed = zoomTo(model, [1000, 2000]);
    assert.deepEqual([zoomed.range, zoomed.announcement], [[1000, 2000], 'Steps 1,000 to 2,000.']);
    assert.deepEqual(
      [zoomTo(zoomed, undefined).range, zoomTo(zoomed, undefined).announcement],
      [undefined, 'All steps.'],
    );
  });

  it('keeps what it announced while nothing is to be said', () => {
    let model = applyUpdate(start(), { runs: [panelRun('a')] });
    model = applyUpdate(model, { series: [series('a', 'loss')] });
    assert.equal(model.announcement, 'a: running.');
    assert.equal(
      applyUpdate(model, { runs: [panelRun('a', { state: 'finished' })] }).announcement,
      'a: finished.',
    );
  });
});
