import assert from 'node:assert/strict';
import { temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { sharedBrowser } from './support/browser.ts';
import { ComparePage } from './support/compare-panel.ts';
import { nameless } from './support/names.ts';
import { recordEvaluation } from './support/record-evaluation.ts';

describe('the comparison panel: rows', () => {
  const workspace = temporaryFolder();
  let panel: ComparePage;

  before(async () => {
    const { dir } = recordEvaluation(workspace.path, { rows: 400 });
    panel = await ComparePage.open(await sharedBrowser(), dir);
  });

  after(async () => {
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  });

  const grid = () => panel.page.getByRole('grid', { name: 'Rows of the evaluation' });
  const shown = async () => Number((await panel.page.locator('.shown').innerText()).replace(/\D/g, ''));

  it('has the verdict on top, a row an example and a column a candidate, and draws only what is seen', async () => {
    assert.match(
      await panel.page.locator('.verdict').first().innerText(),
      /^tuned beats base by \d+\.\d points of accuracy/,
    );
    assert.equal(await grid().getAttribute('aria-rowcount'), '401');
    assert.deepEqual(await grid().getByRole('columnheader').allInnerTexts(), [
      'Row',
      'Input',
      'Reference',
      'base',
      'prompted',
      'tuned',
    ]);
    assert.ok((await panel.page.locator('.list .line').count()) < 60);
    assert.match(await panel.page.locator('#row-0').innerText(), /please open the file/);
    await panel.screenshot('compare-rows');
  });

  it('chips count and choose what two candidates made of the rows', async () => {
    const counts: Record<string, number> = {};
    for (const chip of ['Regressed', 'Fixed', 'Both wrong', 'Changed', 'All']) {
      const button = panel.page.locator('.chip', { hasText: chip });
      counts[chip] = Number((await button.locator('.count').innerText()).replace(/\D/g, ''));
      await button.click();
      await panel.settle();
      assert.equal(await button.getAttribute('aria-pressed'), 'true');
      assert.equal(await shown(), counts[chip], chip);
    }
    assert.equal(counts['All'], 400);
    const { regressed = 0, fixed = 0 } = { regressed: counts['Regressed'], fixed: counts['Fixed'] };
    const pair = panel.feed.result?.pairs.find(
      ({ a, b, metric }) => a === 'base' && b === 'tuned' && metric === 'accuracy',
    );
    assert.ok(
      Math.abs((fixed - regressed) / 400 - (pair?.difference ?? NaN)) < 1e-12,
      'They add up to the difference.',
    );
    await panel.page.getByLabel('From', { exact: true }).selectOption('prompted');
    await panel.settle();
    assert.notEqual(
      Number(
        (await panel.page.locator('.chip', { hasText: 'Fixed' }).locator('.count').innerText()).replace(
          /\D/g,
          '',
        ),
      ),
      fixed,
    );
    await panel.page.getByLabel('From', { exact: true }).selectOption('base');
    await panel.settle();
  });

  it('filters by text, label, length and score, all at once, and takes them away again', async () => {
    const { page } = panel;
    await page.getByLabel('Text').fill('CAFÉ');
    await panel.settle();
    assert.equal(await shown(), 80);
    await page.getByLabel('Label').selectOption('open_file');
    await panel.settle();
    const labelled = await shown();
    assert.ok(labelled > 0 && labelled < 80);
    await page.getByLabel('Length to').fill('34');
    await page.getByLabel('Length to').press('Tab');
    await panel.settle();
    assert.ok((await shown()) < labelled);
    await page.getByLabel('Score of tuned from').fill('0.95');
    await page.getByLabel('Score of tuned from').press('Tab');
    await panel.settle();
    const rows = await page.locator('.list .line').count();
    assert.equal(rows, Math.min(rows, await shown()));
    await page.getByLabel('Text').fill('nothing holds this');
    await panel.settle();
    assert.equal(await page.getByText('No row is like this.').count(), 1);
    await page.getByRole('button', { name: 'Clear Filters' }).click();
    await panel.settle();
    assert.equal(await shown(), 400);
    assert.equal(await page.getByLabel('Text').inputValue(), '');
  });

  it('sorts by disagreement', async () => {
    await panel.page.getByLabel('Sort by').selectOption('disagreement');
    await panel.settle();
    const outputs = await panel.page.locator('#row-0 .output').allInnerTexts();
    assert.equal(new Set(outputs).size, 3, outputs.join());
    await panel.page.getByLabel('Sort by').selectOption('order');
    await panel.settle();
  });

  it('opens a row with words that differ marked, the prompt on demand, and the link copied', async () => {
    await panel.page.locator('#row-2').click();
    await panel.settle();
    const detail = panel.page.getByRole('region', { name: 'Row 2' });
    assert.match(await detail.innerText(), /take me to line forty \(2\)/);
    await detail.getByText('Prompt of tuned').click();
    assert.equal(await detail.locator('details[open] pre').innerText(), 'take me to line forty (2)');
    await detail.getByRole('button', { name: 'Copy Link to row 2' }).click();
    await panel.settle();
    assert.deepEqual(panel.last('copyLink'), { type: 'copyLink', index: 2 });
    await panel.page.locator('.chip', { hasText: 'Both wrong' }).click();
    await panel.settle();
    await panel.page.locator('#row-0').click();
    await panel.settle();
    assert.ok((await panel.page.locator('#detail ins').count()) >= 2);
    assert.ok((await panel.page.locator('#detail del').count()) >= 2);
    await panel.screenshot('compare-detail');
    await panel.page.getByRole('button', { name: 'Clear Filters' }).click();
    await panel.settle();
  });

  it('shows a row that a link names, whatever the filters', async () => {
    await panel.send([{ type: 'show', index: 371 }]);
    await panel.settle();
    assert.equal(await panel.page.getByRole('region', { name: 'Row 371' }).count(), 1);
    assert.equal(await panel.page.locator('#row-371.active').count(), 1);
  });

  it('numbers, pairs and confusion matrices side by side, and the scatter', async () => {
    await panel.page.getByRole('button', { name: 'Numbers' }).click();
    await panel.settle();
    for (const name of ['base', 'prompted', 'tuned'])
      assert.equal(await panel.page.getByRole('figure', { name, exact: true }).count(), 1, name);
    assert.equal(await panel.page.getByRole('figure', { name: 'Scores of base and tuned' }).count(), 1);
    await panel.screenshot('compare-numbers');
    await panel.page.getByRole('button', { name: 'Rows', exact: true }).click();
    await panel.settle();
  });

  it('everything that is offered has a name', async () => {
    assert.deepEqual(await nameless(panel.page), []);
  });
});
