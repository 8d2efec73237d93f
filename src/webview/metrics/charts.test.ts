import assert from 'node:assert/strict';
import { isOfMachine, makeCharts } from './charts.ts';
import { panelRun, series } from './testing/fixtures.ts';

const METRICS = [
  'tokens_per_second',
  'loss',
  'samples_seen',
  'eval_macro_f1',
  'learning_rate',
  'grad_norm',
  'eval_loss',
];

describe('metrics: charts', () => {
  it('come in the order in which people look at them, train and eval of a metric in one', () => {
    const charts = makeCharts(
      [panelRun('a')],
      METRICS.map((metric) => series('a', metric)),
    );
    assert.deepEqual(
      charts.map(({ title, lines }) => [title, lines.map(({ label }) => label).join(' ')]),
      [
        ['Loss', 'train eval'],
        ['Learning rate', 'train'],
        ['Macro-F1', 'eval'],
        ['Gradient norm', 'train'],
        ['Tokens per second', 'train'],
        ['Samples seen', 'train'],
      ],
    );
  });

  it('of the machine are told apart, come last and have no split', () => {
    const charts = makeCharts(
      [panelRun('a')],
      ['system/cpu_percent', 'loss'].map((metric) => series('a', metric)),
    );
    assert.deepEqual(
      charts.map((chart) => [chart.title, isOfMachine(chart), chart.lines[0]?.label]),
      [
        ['Loss', false, 'train'],
        ['Processor, % of a core', true, 'run'],
      ],
    );
  });

  it('colour the split of one run, and the run of several, which also get numbers', () => {
    const lines = (ids: string[]) =>
      makeCharts(
        ids.map((id) => panelRun(id)),
        ['b', 'a'].flatMap((id) => [series(id, 'eval_loss'), series(id, 'loss')]),
      )[0]?.lines.map(({ label, color, number }) => [label, color, number]);
    assert.deepEqual(lines(['a']), [
      ['train', 0, undefined],
      ['eval', 1, undefined],
    ]);
    assert.deepEqual(lines(['a', 'b']), [
      ['a train', 0, 1],
      ['a eval', 0, 1],
      ['b train', 1, 2],
      ['b eval', 1, 2],
    ]);
  });
});
