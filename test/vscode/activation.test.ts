import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { activation } from './support/running-extensions.ts';
import { useSession } from './support/session.ts';
import { until } from './support/until.ts';

describe('activation', () => {
  const fill = (workspace: string) => writeFileSync(join(workspace, 'notes.txt'), 'nothing to tune\n');
  const code = useSession({ name: 'activation', fill });

  it('does not happen in a folder without configs', async () => {
    const { window } = code;
    await window.openFile('notes.txt');
    assert.equal(await activation(window), undefined);
  });

  it('happens when the Runs view is shown, which offers the example', async () => {
    const { window } = code;
    await window.showRuns();
    await window.welcome.getByRole('button', { name: 'Open Example' }).waitFor();
    await window.screenshot('welcome-no-config');
    const { text } = await until('the extension is among the running ones', () => activation(window));
    assert.doesNotMatch(text, /uncaught/);
  });
});

describe('activation in a folder in which something has run', () => {
  const fill = (workspace: string) => void mkdirSync(join(workspace, '.tunebook/runs'), { recursive: true });
  const code = useSession({ name: 'activation-runs', fill });

  it('happens by itself, so that runs that are going on are found', async () => {
    await until('the extension is activated', () => activation(code.window));
  });
});
