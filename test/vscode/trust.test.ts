import assert from 'node:assert/strict';
import { EXAMPLE } from './support/example.ts';
import { inOrder } from './support/in-order.ts';
import { useSession } from './support/session.ts';
import { until } from './support/until.ts';

describe('a folder that is not trusted', () => {
  inOrder();
  const code = useSession({ name: 'trust', trust: true });

  it('is opened in restricted mode', async () => {
    const { window } = code;
    await window.statusItem('Restricted Mode').waitFor();
  });

  it('has its configs checked, without lenses to run them', async () => {
    const { window } = code;
    await window.openFile(EXAMPLE.config);
    await window.squiggleAfter(() => window.replaceWord('learning_rate', 'learning_rte'));
    assert.equal(await window.lenses.count(), 0);
    await window.screenshot('untrusted');
  });

  it('runs nothing, and starts no trainer for what the checker asks of data and models', async () => {
    const { window, server } = code;
    // Before the extension's commands are there, none of them would be offered.
    await until(
      'a command that needs no trust is offered',
      async () => (await window.commandsLike('Tunebook: Import Config')).length === 1,
    );
    assert.deepEqual(await window.commandsLike('Tunebook: Run Config'), []);
    assert.deepEqual(await window.commandsLike('Tunebook: Evaluate Config'), []);
    assert.deepEqual(await window.commandsLike('Tunebook: Open Playground'), []);
    assert.deepEqual(
      server.commands().filter((command) => command.includes('tunebook.js')),
      [],
    );
  });

  it('says in the Runs view what is missing', async () => {
    const { window } = code;
    await window.showRuns();
    await window.welcome.getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
    await window.screenshot('welcome-untrusted');
  });

  it('gets its lenses and its trainer once it is trusted', async () => {
    const { window, server } = code;
    await window.welcome.getByRole('button', { name: 'Manage Workspace Trust' }).click();
    await window.page.getByRole('button', { name: /^Trust$/ }).click();
    await window.page.getByText('You trust this folder').waitFor();
    await window.closeDialog();
    await window.lenses.first().waitFor();
    await until(
      'the command is offered',
      async () => (await window.commandsLike('Tunebook: Open Playground')).length === 1,
    );
    const inspects = () => server.commands().some((command) => /tunebook\.js inspect/.test(command));
    await until('the checker asks the trainer about data and models', inspects);
  });
});
