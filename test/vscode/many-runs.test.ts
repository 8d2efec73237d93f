import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newRun } from '../../src/runs/testing/fixtures.ts';
import { RunWriter } from '../../src/runs/writer.ts';
import { activation } from './support/running-extensions.ts';
import { useSession } from './support/session.ts';
import { until } from './support/until.ts';

const RUNS = 500;

function fill(workspace: string): void {
  for (let i = 0; i < RUNS; i++) {
    const writer = new RunWriter(
      newRun(workspace, {
        name: `trial-${i}`,
        id: `20260101T${String(i).padStart(6, '0')}Z-trial-${i}-0000`,
      }),
    );
    writer.event({ type: 'state', state: 'running' });
    for (const step of [1, 2, 3])
      writer.event({ type: 'metrics', split: 'train', step, epoch: 0, values: { loss: i + 1 / step } });
    writer.event({ type: 'state', state: 'finished' });
    writer.close();
  }
}

describe('a folder with 500 runs', function () {
  this.timeout(900_000);
  const code = useSession({ name: 'many-runs', fill });

  it('shows them all; npm test prints how long that and the activation take', async () => {
    const { window } = code;
    const found = await until('the extension is activated', () => activation(window));
    const started = performance.now();
    await window.showRuns();
    await window.run(`trial-${RUNS - 1}`).waitFor();
    process.stdout.write(
      `      activation ${found.milliseconds} ms, from the click to 500 runs ${Math.round(performance.now() - started)} ms\n`,
    );
    await window.bring(window.run('trial-0'), async () => {
      await window.command('Focus on Runs View');
      await window.page.keyboard.press('End');
    });
    await window.screenshot('many-runs');
  });

  it('saves a chart of one as a picture and as a drawing, by the ending of the name', async () => {
    const { window, workspace } = code;
    await window.run('trial-0').click();
    await window.command('Tunebook: Open Metrics');
    const loss = window.webview.getByRole('figure', { name: 'Loss' });
    for (const [ending, begins] of [
      ['png', '\x89PNG'],
      ['svg', '<svg'],
    ] as const) {
      const path = join(workspace, `chart.${ending}`);
      await loss.getByRole('button', { name: 'Export Loss as PNG or SVG' }).click();
      await window.typePath(path);
      await window.page.keyboard.press('Enter');
      await until(`${path} is there`, () => existsSync(path) && readFileSync(path).length > 1000);
      assert.ok(readFileSync(path, 'latin1').includes(begins));
    }
    await window.screenshot('chart-saved');
  });
});
