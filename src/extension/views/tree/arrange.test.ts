import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { RunSummary } from '../../../protocol/run.ts';
import { newRun, ownRuntimeFolder, temporaryFolder } from '../../../runs/testing/fixtures.ts';
import { RunWriter } from '../../../runs/writer.ts';
import { RunStore } from '../../runs/run-store.ts';
import { arrange, AS_THEY_COME, type Arrangement } from './arrange.ts';

function run(id: string, fields: Partial<RunSummary> = {}): RunSummary {
  return {
    id,
    dir: `/runs/${id}`,
    kind: 'run',
    name: id,
    createdAt: '',
    file: 'a.tune.yaml',
    state: 'finished',
    metrics: {},
    step: 0,
    epoch: 0,
    warnings: 0,
    ...fields,
  };
}

const RUNS = [
  run('1', { metrics: { eval_loss: 0.5 }, file: 'b.tune.yaml' }),
  run('2', { state: 'running', metrics: { loss: 0.1 } }),
  run('3', { state: 'lost', meta: { tags: ['best'], name: 'Keeper' } }),
  run('4', { kind: 'sweep', name: 'rates' }),
  run('5', { parent: { id: '4', as: 'sweep', trial: 0 }, metrics: { loss: 'NaN' } }),
  run('6', { parent: { id: '4', as: 'sweep', trial: 1 } }),
  run('7', { meta: { pinned: true } }),
];

describe('arrange', () => {
  it('shows the newest first, pinned ones before them, and the runs of a sweep below it', () => {
    const { roots, children, parents } = arrange(RUNS, AS_THEY_COME);
    assert.deepEqual(roots, ['7', '4', '3', '2', '1']);
    assert.deepEqual([...children], [['4', ['6', '5']]]);
    assert.equal(parents.get('5'), '4');
  });

  it('tells runs of the same second apart by when they were made, whatever their ids', () => {
    const at = (digits: string, time: string) =>
      run(`20260104T000000Z-c-${digits}`, { createdAt: `2026-01-04T00:00:00.${time}Z` });
    const [first, second, third] = [at('ffff', '100'), at('0000', '500'), at('8888', '900')];
    const ids = (sort: Arrangement['sort']) =>
      arrange([second, first, third], { ...AS_THEY_COME, sort }).roots.map((id) => id.slice(-4));
    assert.deepEqual(ids('newest'), ['8888', '0000', 'ffff']);
    assert.deepEqual(ids('oldest'), ['ffff', '0000', '8888']);
    assert.deepEqual(ids('loss'), ['8888', '0000', 'ffff']);
  });

  it('groups by state in the order of what matters, and by config', () => {
    const { roots, headings, children } = arrange(RUNS, { ...AS_THEY_COME, group: 'state' });
    assert.deepEqual(roots, ['group:Running', 'group:Failed', 'group:Finished']);
    assert.deepEqual(headings.get('group:Finished'), { label: 'Finished', count: 3 });
    assert.deepEqual(children.get('group:Finished'), ['7', '4', '1']);
    const byConfig = arrange(RUNS, { ...AS_THEY_COME, group: 'config' });
    assert.deepEqual(byConfig.roots, ['group:a.tune.yaml', 'group:b.tune.yaml']);
  });

  it('sorts by name and by loss; what has no number comes last', () => {
    assert.deepEqual(arrange(RUNS, { ...AS_THEY_COME, sort: 'name' }).roots, ['7', '1', '2', '3', '4']);
    assert.deepEqual(arrange(RUNS, { ...AS_THEY_COME, sort: 'loss' }).roots, ['7', '2', '1', '4', '3']);
    assert.deepEqual(arrange(RUNS, { ...AS_THEY_COME, sort: 'oldest' }).roots, ['7', '1', '2', '3', '4']);
  });

  it('filters by words and tags, and says how many are hidden', () => {
    const filtered = (filter: string) => arrange(RUNS, { ...AS_THEY_COME, filter });
    assert.deepEqual(filtered('#best').roots, ['3']);
    assert.deepEqual(filtered('keeper lost').roots, ['3']);
    assert.deepEqual(filtered('running').roots, ['2']);
    assert.equal(filtered('running').hidden, 6);
    assert.deepEqual(filtered('b.tune').roots, ['1']);
    assert.deepEqual(filtered('nothing like it').roots, []);
  });
});

describe('five hundred runs', () => {
  const folder = temporaryFolder();
  ownRuntimeFolder();

  it('are read from disk and arranged; npm test prints the time', async function () {
    this.timeout(300_000);
    for (let i = 0; i < 500; i++) {
      const second = String(i % 60).padStart(2, '0');
      const minute = String(Math.floor(i / 60)).padStart(2, '0');
      const dir = newRun(folder.path, { id: `20260101T00${minute}${second}Z-r${i}-0000`, name: `r${i}` });
      if (i % 50 > 0) continue;
      const writer = new RunWriter(dir);
      for (let step = 1; step <= 200; step++)
        writer.event({
          type: 'metrics',
          split: 'train',
          step,
          epoch: step / 100,
          values: { loss: 1 / step },
        });
      writer.event({ type: 'state', state: 'finished' });
      writer.close();
    }
    const store = new RunStore();
    const started = performance.now();
    await store.setWorkspaces([folder.path]);
    const read = performance.now();
    const tree = arrange(store.runs, { ...AS_THEY_COME, group: 'state' });
    const arranged = performance.now();
    store.dispose();
    assert.equal(
      [...tree.headings.values()].reduce((sum, { count }) => sum + count, 0),
      500,
    );
    assert.equal(
      store.get(`20260101T000000Z-r0-0000`)?.dir,
      join(folder.path, '.tunebook/runs/20260101T000000Z-r0-0000'),
    );
    // Times are told, not asserted: see docs/benchmarks.md.
    process.stdout.write(
      `    500 runs: read in ${Math.round(read - started)} ms, arranged in ${(arranged - read).toFixed(1)} ms\n`,
    );
  });
});
