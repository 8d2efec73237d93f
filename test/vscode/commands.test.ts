import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { EXAMPLE } from './support/example.ts';
import { inOrder } from './support/in-order.ts';
import { newestRun, processOf } from './support/run-folder.ts';
import { rowThat } from './support/run-row.ts';
import { copyLongerExample, useSession } from './support/session.ts';
import { startByLens } from './support/start-by-lens.ts';
import { until } from './support/until.ts';

const TASK = {
  type: 'tunebook',
  command: 'check',
  config: EXAMPLE.config,
  label: 'check the example',
  // The terminal would come before the problems, at a moment of its own.
  presentation: { reveal: 'never' },
};

/** The task is there before the window is: VS Code may take long to see a new tasks.json. */
function copyExampleWithTask(workspace: string): void {
  copyLongerExample(workspace, 60);
  mkdirSync(join(workspace, '.vscode'), { recursive: true });
  writeFileSync(
    join(workspace, '.vscode/tasks.json'),
    JSON.stringify({ version: '2.0.0', tasks: [TASK] }, null, 2),
  );
}

describe('commands on a run', function () {
  this.timeout(900_000);
  inOrder();
  const code = useSession({ name: 'commands', fill: copyExampleWithTask });

  it('Run Config asks which run is meant when no config is open', async () => {
    const { window } = code;
    await window.showRuns();
    await window.command('Tunebook: Run Config');
    await window.pick(EXAMPLE.run);
    await window.startPlanned(EXAMPLE.run);
    await rowThat(window, EXAMPLE.run, ({ percent }) => percent !== undefined, 'has begun');
  });

  it('a click on the status bar shows its metrics', async () => {
    const { window } = code;
    await window.tab(EXAMPLE.run).waitFor();
    await window.focusEditors();
    await window.statusItem(EXAMPLE.run).click();
    await window.webview.getByRole('heading', { name: EXAMPLE.run }).waitFor();
  });

  it('Stop Run saves a checkpoint and ends the process', async () => {
    const { window, workspace } = code;
    await window.command('Tunebook: Stop Run');
    await rowThat(window, EXAMPLE.run, ({ state }) => state === 'stopped', 'is stopped');
    const run = newestRun(workspace, EXAMPLE.run);
    assert.ok(run.checkpoint, 'no checkpoint was written');
    assert.ok(existsSync(join(run.dir, run.checkpoint.path, 'trainer_state.json')));
    const { pid } = processOf(run);
    await until('its process ends', () => !existsSync(`/proc/${pid}`));
    await window.screenshot('stopped');
  });

  it('Resume Run in the row of the tree goes on with the same run from its checkpoint', async () => {
    const { window, workspace } = code;
    const { id, step } = newestRun(workspace, EXAMPLE.run);
    const row = window.run(EXAMPLE.run).first();
    await row.hover();
    await row.getByRole('button', { name: 'Resume Run' }).click();
    await rowThat(window, EXAMPLE.run, ({ state }) => state === 'running', 'goes on');
    const resumed = await until('it has taken another step', () => {
      const run = newestRun(workspace, EXAMPLE.run);
      return run.step > step && run;
    });
    assert.equal(resumed.id, id);
    await window.screenshot('resumed');
    await window.command('Tunebook: Stop Run');
    await rowThat(window, EXAMPLE.run, ({ state }) => state === 'stopped', 'is stopped again');
  });

  it('Show Log opens what the process printed', async () => {
    const { window } = code;
    await window.command('Tunebook: Show Log');
    await window.tab('log.txt').waitFor();
    await window.lines
      .getByText(/training|Saved checkpoint|stopped/i)
      .first()
      .waitFor();
    await window.screenshot('log');
  });

  it('Open Run Folder shows the run directory in the explorer', async () => {
    const { window, workspace } = code;
    await window.command('Tunebook: Open Run Folder');
    await window.file(basename(newestRun(workspace, EXAMPLE.run).dir)).waitFor();
  });

  it('Open Metrics shows the chart of the only run without asking', async () => {
    const { window } = code;
    await window.command('Tunebook: Open Metrics');
    await window.webview.locator('figure.chart').first().waitFor();
  });

  it('a run that cannot start says why, and where', async () => {
    const { window } = code;
    const config = readFileSync(join(code.workspace, EXAMPLE.config), 'utf8');
    const line = config.split('\n').findIndex((text) => text.includes('num_labels')) + 1;
    await window.openFile(EXAMPLE.config);
    await window.replaceWord('num_labels', 'num_lables');
    await startByLens(code, `Train ${EXAMPLE.otherRun}`);
    const notification = window.notification('`num_lables` is not a field of `model`');
    await notification.waitFor();
    await window.screenshot('refused');
    await window.goTo(config, 'dataset:');
    await notification.getByRole('button', { name: 'Open File' }).click();
    await window.statusItem(`Ln ${line}, Col 3`).waitFor();
    assert.throws(() => newestRun(code.workspace, EXAMPLE.otherRun), /No run of the name/);
  });

  it('a task of tasks.json checks it, and what is wrong stands among the problems though no editor has it open', async () => {
    const { window } = code;
    await window.command('View: Close All Editors');
    await window.command('Problems: Focus on Problems View');
    const problem = window.panel.getByText('`num_lables` is not a field of `model`').first();
    await problem.waitFor({ state: 'detached' });
    await window.command('Tasks: Run Task');
    await window.pick(TASK.label);
    await problem.waitFor();
    await window.screenshot('task');
  });

  it('offers a task for every run and evaluation', async () => {
    const { window } = code;
    await window.command('Tasks: Run Task');
    await window.pick('tunebook');
    await window.hasPick(`run ${EXAMPLE.run}`);
    await window.hasPick(`evaluate ${EXAMPLE.evaluation}`);
    await window.screenshot('task-list');
  });
});
