import assert from 'node:assert/strict';
import { cpSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lossesOf, summaryOf, workspace } from './support/workspace.ts';

const REPORTS = fileURLToPath(new URL('../fixtures/reports/', import.meta.url));

describe('tunebook import-run', () => {
  const space = workspace();

  it('reads what a run of ours wrote for TensorBoard and for transformers, as it was', async () => {
    space.at.config({ data: { eval: 'rows.test' }, train: { report_to: 'all', logging_steps: 1 } });
    const run = await space.at.run('run', 'intents.tune.yaml');
    assert.equal(run.code, 0, run.stderr);
    const dir = space.at.onlyRun();
    for (const [folder, name] of [
      [dir, 'from-transformers'],
      [`${dir}/tensorboard`, 'from-tensorboard'],
    ] as const) {
      const imported = await space.at.run('import-run', folder, '--name', name);
      assert.equal(imported.code, 0, imported.stderr);
      const copy = space.at.runs().find((each) => each.includes(name)) ?? '';
      const losses = (of: string) =>
        lossesOf(of).map((each) =>
          Array.isArray(each) ? each.slice(0, 2).map((n) => Math.fround(Number(n))) : each,
        );
      assert.deepEqual(losses(copy), losses(dir));
      const { state, step } = summaryOf(copy);
      assert.deepEqual([state, step], ['finished', 6]);
    }
    assert.match((await space.at.run('runs')).stdout, /from-tensorboard-\S+ +run +finished/);
  });

  it('says what it cannot read', async () => {
    mkdirSync(space.at.path('logs'));
    cpSync(`${REPORTS}/theirs.json`, space.at.path('logs', 'events.out.tfevents.1'));
    const { code, stderr } = await space.at.run('import-run', 'logs');
    assert.equal(code, 1);
    assert.match(stderr, /is no TensorBoard events file, or is damaged at byte 0\. \[import\/not-tfevents\]/);
    assert.match((await space.at.run('import-run', 'nowhere')).stderr, /\[import\/nothing\]/);
  });
});
