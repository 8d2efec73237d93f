import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { EXAMPLE } from './support/example.ts';
import { inOrder } from './support/in-order.ts';
import { rowThat } from './support/run-row.ts';
import { copyLongerExample, installedExtension, useSession } from './support/session.ts';

describe('a run that a terminal started', function () {
  this.timeout(900_000);
  inOrder();
  const code = useSession({
    name: 'elsewhere',
    fill: (workspace) => copyLongerExample(workspace, 60),
  });

  it('appears in the window by itself, and moves', async () => {
    const { window, workspace, server } = code;
    await window.showRuns();
    await window.welcome.getByRole('button', { name: 'Run Config' }).waitFor();
    const args = [join(installedExtension(), 'dist/tunebook.js'), 'run', EXAMPLE.config, EXAMPLE.run];
    spawn(process.execPath, args, {
      cwd: workspace,
      stdio: 'ignore',
      env: { ...process.env, ...server.env },
    });
    const first = await rowThat(window, EXAMPLE.run, ({ percent }) => percent !== undefined, 'has begun');
    await rowThat(window, EXAMPLE.run, ({ percent }) => (percent ?? 0) > (first.percent ?? 0), 'moves on');
  });

  it('can be stopped from its row', async () => {
    const { window } = code;
    const row = window.run(EXAMPLE.run).first();
    await row.hover();
    await window.screenshot('row-actions');
    await row.getByRole('button', { name: 'Stop Run' }).click();
    await rowThat(window, EXAMPLE.run, ({ state }) => state === 'stopped', 'is stopped');
  });
});
