import assert from 'node:assert/strict';
import { temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { sharedBrowser } from './support/browser.ts';
import { nameless } from './support/names.ts';
import { Panel } from './support/panel.ts';
import { beginRun, finish, writeTraining } from './support/record-run.ts';

describe('the metrics panel as a table', () => {
  const workspace = temporaryFolder();
  let panel: Panel;

  before(async () => {
    const long = beginRun(workspace.path, { name: 'long' });
    writeTraining(long, { steps: 120, nanAt: [7] });
    finish(long);
    const short = beginRun(workspace.path, { name: 'short' });
    writeTraining(short, { steps: 3 });
    finish(short);
    panel = await Panel.open(await sharedBrowser(), [long.dir, short.dir]);
    await panel.page.getByRole('button', { name: 'Table' }).click();
    await panel.settle();
  });

  after(async () => {
    await panel.close();
  });

  const table = () => panel.page.getByRole('table', { name: /^All numbers of/ });
  const row = async (name: string) => (await table().getByRole('row', { name }).innerText()).split(/\t/);

  it('has a row a step and a column a metric, at full resolution', async () => {
    assert.deepEqual(await table().getByRole('columnheader').allInnerTexts(), [
      ...['Step', 'Epoch', 'Loss', 'Learning rate', 'Gradient norm', 'Tokens per second'],
      ...['Eval loss', 'Eval accuracy', 'Eval macro-f1'],
    ]);
    assert.equal(await table().getByRole('row').count(), 51);
    assert.equal(await table().getAttribute('aria-rowcount'), '121');
    assert.deepEqual(await nameless(panel.page), []);
  });

  it('says NaN and Infinity', async () => {
    const cells = await row('7 0.17');
    assert.deepEqual([cells[2], cells[4]], ['NaN', 'Infinity']);
  });

  it('is paged by keyboard', async () => {
    const { page } = panel;
    assert.equal(await page.getByRole('button', { name: 'Previous page' }).isDisabled(), true);
    await page.getByRole('button', { name: 'Last page' }).press('Enter');
    await panel.settle();
    await page.getByText('rows 101 to 120 of 120').waitFor();
    assert.equal(await page.getByRole('status').innerText(), 'Page 3 of 3.');
    assert.match(
      await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? ''),
      /^Last page$/,
    );
    assert.equal(await table().getByRole('row').nth(1).getAttribute('aria-rowindex'), '102');
    assert.equal(await page.getByRole('button', { name: 'Next page' }).isDisabled(), true);
    await page.getByRole('button', { name: 'Previous page' }).press('Enter');
    await panel.settle();
    const cells = await row('100 2.50');
    assert.match(cells[7] ?? '', /^\d\d\.\d\d %$/);
  });

  it('turns as many pages as keys were pressed', async () => {
    await panel.page.getByRole('button', { name: 'First page' }).press('Enter');
    await panel.settle();
    await panel.page.getByRole('button', { name: 'Next page' }).evaluate((button) => {
      for (let i = 0; i < 2; i++)
        button.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }));
    });
    await panel.settle();
    await panel.page.getByText('rows 101 to 120 of 120').waitFor();
  });

  it('is of the run that is chosen', async () => {
    await panel.page.getByRole('combobox', { name: 'Run' }).selectOption('short');
    await panel.settle();
    await panel.page.getByRole('table', { name: /^All numbers of short/ }).waitFor();
    assert.equal(await table().getByRole('row').count(), 4);
  });

  it('is there again after a reload', async () => {
    await panel.page.reload();
    await panel.settle();
    await table().waitFor();
    assert.deepEqual(panel.complaints, []);
  });
});
