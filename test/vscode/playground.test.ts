import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeCausalModel } from '../support/causal-model.ts';
import { inOrder } from './support/in-order.ts';
import { copyExample, useSession } from './support/session.ts';

/** The example with a small model that writes. */
function fill(workspace: string): void {
  copyExample(workspace);
  writeCausalModel(join(workspace, 'writer'));
}

describe('the playground', function () {
  this.timeout(900_000);
  inOrder();
  const code = useSession({ name: 'playground', fill });

  it('opens from the palette with a model that is picked, and streams its answer', async () => {
    const { window } = code;
    await window.command('Tunebook: Open Playground');
    await window.type('writer');
    await window.page.locator('.quick-input-list .monaco-list-row', { hasText: 'writer' }).first().click();
    await window.page.keyboard.press('Enter');
    await window.tab('Playground').waitFor();
    await window.webview.locator('.candidate', { hasText: 'writer' }).waitFor();
    await window.webview.locator('#question').fill('sky is');
    await window.webview.locator('#question').press('Enter');
    await window.webview.locator('.stats').waitFor();
  });

  it('keeps an answer as a row to train on', async () => {
    const { window, workspace } = code;
    await window.webview.getByRole('button', { name: /^Keep Row/ }).click();
    await window.webview.getByText(/^Kept as a row to train on/).waitFor();
    const rows = readFileSync(join(workspace, 'preferences/playground-edits.jsonl'), 'utf8');
    assert.match(rows, /^\{"prompt":"sky is","completion":".*"\}\n$/);
  });

  it('has its conversation after a reload, and answers again', async () => {
    const { window } = code;
    await window.reload();
    await window.webview.locator('.question', { hasText: 'sky is' }).waitFor();
    await window.webview.locator('#question').fill('grass is');
    await window.webview.locator('#question').press('Enter');
    await window.webview.locator('.stats').nth(1).waitFor();
    await window.screenshot('playground');
  });

  it('says nothing in the console about blocked content or faults of ours', () => {
    assert.deepEqual(code.window.faults, []);
  });
});
