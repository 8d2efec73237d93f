import assert from 'node:assert/strict';
import type { RunSample } from '../../protocol/webview.ts';
import { makeSampleTable, neighbour } from './samples.ts';
import { panelRun } from './testing/fixtures.ts';

const said = (step: number, output: string, prompt = 'p'): RunSample => ({ step, prompt, output });
const RUNS = ['a', 'b', 'c'].map((id) => panelRun(id));
const SAMPLES = new Map([
  ['b', [said(20, 'b20'), said(40, 'b40')]],
  ['a', [said(10, 'a10'), said(10, 'A10', 'q'), said(30, 'a30')]],
]);

describe('metrics: samples', () => {
  const outputs = (wanted?: number) =>
    makeSampleTable(RUNS, SAMPLES, wanted)?.rows.map(({ answers }) => answers.map((one) => one?.output));

  it('of several runs stand beside each other, each with what it last said until the step', () => {
    const table = makeSampleTable(RUNS, SAMPLES, undefined);
    assert.deepEqual(
      table?.runs.map(({ id }) => id),
      ['a', 'b'],
    );
    assert.deepEqual([table?.steps, table?.step], [[10, 20, 30, 40], 40]);
    assert.deepEqual(
      table?.rows.map(({ prompt }) => prompt),
      ['p', 'q'],
    );
    assert.deepEqual(outputs(), [
      ['a30', 'b40'],
      ['A10', undefined],
    ]);
    assert.deepEqual(outputs(20), [
      ['a10', 'b20'],
      ['A10', undefined],
    ]);
    assert.deepEqual(outputs(10), [
      ['a10', undefined],
      ['A10', undefined],
    ]);
  });

  it('are those of a step before where there are none at the step, and the first before all', () => {
    assert.deepEqual(outputs(29), outputs(20));
    assert.deepEqual(outputs(1), outputs(10));
  });

  it('lead from step to step', () => {
    const table = makeSampleTable(RUNS, SAMPLES, 20);
    assert.ok(table);
    assert.deepEqual([neighbour(table, -1), neighbour(table, 1)], [10, 30]);
    assert.equal(neighbour({ ...table, step: 40 }, 1), undefined);
    assert.equal(neighbour({ ...table, step: 10 }, -1), undefined);
  });

  it('are not there where no run has any, or it is hidden', () => {
    assert.equal(makeSampleTable(RUNS, new Map(), undefined), undefined);
    assert.deepEqual(
      makeSampleTable(RUNS, SAMPLES, undefined, ['a'])?.runs.map(({ id }) => id),
      ['b'],
    );
    assert.equal(makeSampleTable(RUNS, SAMPLES, undefined, ['a', 'b']), undefined);
  });
});
