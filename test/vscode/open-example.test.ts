import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLE } from './support/example.ts';
import { useSession } from './support/session.ts';

describe('Tunebook: Open Example', () => {
  const code = useSession({ name: 'open-example', fill: () => undefined });

  it('copies the example from the package into the folder that is picked, and opens the copy', async () => {
    const { window, server } = code;
    const parent = join(server.home, 'projects');
    mkdirSync(parent);
    await copyInto(parent);
    await window.page.waitForURL(/editor-commands/);
    await window.file(EXAMPLE.config).waitFor();
    const copied = readFileSync(join(parent, 'editor-commands', EXAMPLE.config), 'utf8');
    assert.equal(copied, readFileSync(join(EXAMPLE.folder, EXAMPLE.config), 'utf8'));
    await window.openFile(EXAMPLE.config);
    await window.lenses.first().waitFor();
    await window.screenshot('example-opened');
  });

  it('leaves a copy that is there alone and makes a second one beside it', async () => {
    const { window, server } = code;
    const parent = join(server.home, 'projects');
    rmSync(join(parent, 'editor-commands', EXAMPLE.config));
    await copyInto(parent);
    await window.page.waitForURL(/editor-commands-2/);
    await window.file(EXAMPLE.config).waitFor();
    assert.throws(() => readFileSync(join(parent, 'editor-commands', EXAMPLE.config)), { code: 'ENOENT' });
  });

  /** Runs the command and answers its dialog, which in the browser is a quick input. */
  async function copyInto(folder: string): Promise<void> {
    const { window } = code;
    await window.command('Tunebook: Open Example');
    await window.page.getByText('Folder to put the example').waitFor();
    await window.typePath(`${folder}/`);
    await window.screenshot('open-example-dialog');
    await window.page.getByRole('button', { name: 'Put Example Here' }).click();
  }
});
