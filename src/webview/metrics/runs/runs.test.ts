import assert from 'node:assert/strict';
import type { RunsTableState } from '../../../protocol/webview.ts';
import { applyUpdate, startModel, type PanelModel } from '../model.ts';
import { facts, panelRun, series } from '../testing/fixtures.ts';
import {
  drawFitting,
  moveRow,
  overviewOf,
  setBrush,
  setFilter,
  sortBy,
  stepBrush,
  toggleRun,
} from './model.ts';
import { cellText } from './table.ts';

const RATES: Record<string, number> = { a: 1e-3, b: 1e-4, c: 1e-5, d: 1e-4 };

/** Four runs that differ by their learning rate and how LoRA is told where to go. */
function model(runsTable: RunsTableState = {}): PanelModel {
  const ids = Object.keys(RATES);
  const start = startModel({ runs: [], smoothing: 0, logScale: false, show: 'charts', runsTable });
  return applyUpdate(start, {
    runs: ids.map((id) => panelRun(id, id === 'c' ? { meta: { pinned: true } } : {})),
    parameters: ids.map((id) => ({
      runId: id,
      values: {
        'train.learning_rate': RATES[id] ?? 0,
        'train.seed': 42,
        ...(id === 'd' ? {} : { 'method.lora.target_modules': id === 'a' ? 'all-linear' : '[query]' }),
      },
    })),
    series: ids.map((id, i) => ({
      ...series(id, 'eval_accuracy'),
      facts: facts({
        count: 2,
        last: { step: 2, value: id === 'b' ? 'NaN' : 0.5 + i / 10 },
        max: { step: 1, value: 0.9 - i / 10 },
        min: { step: 2, value: 0.1 },
      }),
    })),
  });
}

const ids = (of: PanelModel) => overviewOf(of).rows.map(({ id }) => id);

describe('metrics panel: table of runs', () => {
  it('has a column for each parameter that differs, and one a metric', () => {
    const { columns, rows } = overviewOf(model()).table;
    assert.deepEqual(
      columns.map(({ title }) => title),
      ['learning_rate', 'target_modules', 'Eval accuracy'],
    );
    const texts = rows.map(({ cells }) => columns.map((column) => cellText(column, cells.get(column.id))));
    assert.deepEqual(texts, [
      ['0.001', 'all-linear', '50.0 %'],
      ['0.0001', '[query]', 'NaN'],
      ['0.00001', '[query]', '70.0 %'],
      ['0.0001', '', '80.0 %'],
    ]);
  });

  it('shows the best values when it is asked to', () => {
    const { table } = overviewOf(model({ values: 'best' }));
    const best = table.rows.map(({ cells }) => Number(cells.get('metric eval_accuracy')).toFixed(1));
    assert.deepEqual(best, ['0.9', '0.8', '0.7', '0.6']);
  });

  it('has pinned runs first, and runs without a value last whichever way it is sorted', () => {
    let sorted = sortBy(model(), 'metric eval_accuracy');
    assert.deepEqual(ids(sorted), ['c', 'a', 'd', 'b']);
    sorted = sortBy(sorted, 'metric eval_accuracy');
    assert.deepEqual(ids(sorted), ['c', 'd', 'a', 'b']);
    sorted = sortBy(sorted, 'metric eval_accuracy');
    assert.deepEqual(ids(sorted), ['c', 'a', 'b', 'd']);
  });

  for (const [filter, fit, problem] of [
    ['query', ['c', 'b'], undefined],
    ['learning_rate<1e-3', ['c', 'b', 'd'], undefined],
    ['learning_rate=1e-4 query', ['b'], undefined],
    ['target_modules!=all-linear', ['c', 'b', 'd'], undefined],
    ['eval_accuracy>=70%', ['c', 'd'], undefined],
    ['nothing', [], undefined],
    ['train.learning_rate>1', [], undefined],
    ['colour=red', ['c', 'a', 'b', 'd'], 'No column is called colour.'],
    ['learning_rate<high', ['c', 'a', 'b', 'd'], 'high is no number to compare learning_rate with.'],
  ] as const)
    it(`is filtered by ${filter}`, () => {
      const overview = overviewOf(setFilter(model(), filter));
      assert.deepEqual(
        overview.rows.map(({ id }) => id),
        fit,
      );
      assert.equal(overview.problem, problem);
    });

  it('draws what fits, and a run more or less', () => {
    let now = drawFitting(setFilter(model(), 'query'));
    assert.deepEqual([now.hidden, now.announcement], [['a', 'd'], '2 of 4 runs are drawn.']);
    now = toggleRun(now, 'd');
    assert.deepEqual([now.hidden, now.announcement], [['a'], 'd is drawn.']);
  });

  it('is walked from where the keyboard is, in the order that is shown', () => {
    const down = (from: PanelModel) => moveRow(from, 1);
    assert.equal(down(down(model())).activeRun, 'b');
    assert.equal(moveRow(model(), Infinity).activeRun, 'd');
    assert.equal(moveRow(moveRow(model(), Infinity), -Infinity).activeRun, 'c');
  });
});

describe('metrics panel: parallel coordinates', () => {
  it('have an axis a parameter and one of a metric; wide ranges are logarithmic', () => {
    const { axes } = overviewOf(model());
    assert.deepEqual(
      axes.map(({ column, isLog, stops }) => [column.title, isLog, stops.length]),
      [
        ['learning_rate', true, 3],
        ['target_modules', false, 2],
        ['Eval accuracy', false, 3],
      ],
    );
    assert.ok(Math.abs((axes[0]?.shareOf(1e-4) ?? 0) - 0.5) < 1e-9);
  });

  it('leave out runs beyond what is chosen, and those without a value there', () => {
    assert.deepEqual(ids(setBrush(model(), 'train.learning_rate', [1e-5, 1e-4])), ['c', 'b', 'd']);
    assert.deepEqual(ids(setBrush(model(), 'method.lora.target_modules', [0, 1])), ['c', 'a', 'b']);
    assert.deepEqual(
      ids(setBrush(setBrush(model(), 'train.learning_rate', [1, 2]), 'train.learning_rate', undefined)),
      ['c', 'a', 'b', 'd'],
    );
  });

  it('have ends that keys move from value to value, and that never cross', () => {
    let now = stepBrush(model(), 'train.learning_rate', 1, 'down');
    assert.deepEqual(now.brushes, { 'train.learning_rate': [1e-5, 1e-4] });
    assert.equal(now.announcement, '3 of 4 runs fit.');
    now = stepBrush(now, 'train.learning_rate', 0, 'last');
    assert.deepEqual(now.brushes, { 'train.learning_rate': [1e-4, 1e-4] });
    now = stepBrush(stepBrush(now, 'train.learning_rate', 0, 'first'), 'train.learning_rate', 1, 'last');
    assert.deepEqual(now.brushes, {});
  });
});
