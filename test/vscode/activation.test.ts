import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { activation } from './support/running-extensions.ts';
import { startSession, type Session } from './support/session.ts';

describe('activation', () => {
  let session: Session;
  before(async () => {
    const fill = (workspace: string) => writeFileSync(join(workspace, 'notes.txt'), 'nothing to tune\n');
    session = await startSession({ name: 'activation', fill });
  });
  after(() => session.end());

  it('does not happen in a folder without configs', async () => {
    const { window } = session;
    await window.openFile('notes.txt');
    assert.equal(await activation(window), undefined);
  });

  it('happens when the Runs view is shown, which offers the example', async () => {
    const { window } = session;
    await window.showRuns();
    await window.welcome.getByRole('button', { name: 'Open Example' }).waitFor();
    await window.screenshot('welcome-no-config');
    const activated = await activation(window);
    assert.ok(activated, 'the extension is not among the running ones');
    assert.doesNotMatch(activated.text, /uncaught/);
  });
});
