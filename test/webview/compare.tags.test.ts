import assert from 'node:assert/strict';
import { temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { sharedBrowser } from './support/browser.ts';
import { ComparePage } from './support/compare-panel.ts';
import { faintTexts } from './support/contrast.ts';
import { nameless } from './support/names.ts';
import { recordTags } from './support/record-tags.ts';
import { readTheme, THEMES } from './support/themes.ts';

/** WCAG 2.2, 1.4.3. */
const TEXT = 4.5;

describe('the comparison panel: entities', () => {
  const workspace = temporaryFolder();
  let panel: ComparePage;

  before(async () => {
    panel = await ComparePage.open(await sharedBrowser(), recordTags(workspace.path).dir);
  });

  after(async () => {
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  });

  const cell = (row: number, candidate: string) =>
    panel.page.locator(`#row-${row} [data-candidate=${candidate}] .output`);
  const open = async (row: number) => {
    await panel.page.locator(`#row-${row}`).click();
    await panel.settle();
  };
  const piece = (title: string) =>
    panel.page.locator('#detail .texts > div').filter({ has: panel.page.locator('h3', { hasText: title }) });

  it('the table lists them: right, wrong and missed, in words as well', async () => {
    assert.match(await panel.page.locator('#row-0').innerText(), /New York \(place\), ESPN \(group\)/);
    assert.equal(await cell(0, 'tuned').textContent(), 'New York (place), ESPN (group)');
    assert.equal(
      await cell(0, 'base').textContent(),
      'wrong: New (place), missed: New York (place), missed: ESPN (group)',
    );
    assert.deepEqual(await cell(0, 'base').locator('del').allTextContents(), [
      'missed: New York (place)',
      'missed: ESPN (group)',
    ]);
    assert.equal(await cell(1, 'tuned').textContent(), 'no entities');
    assert.equal(await cell(1, 'base').textContent(), 'wrong: nothing (group)');
    await panel.screenshot('compare-tags');
  });

  it('the open row marks them in the sentence, with what is missed below', async () => {
    await open(0);
    const reference = piece('Reference');
    assert.deepEqual(await reference.locator('mark').allTextContents(), [
      'New York\u00a0place',
      'ESPN\u00a0group',
    ]);
    assert.equal(
      await reference.locator('.marked').innerText(),
      'We met in New York\u00a0place with ESPN\u00a0group 😀',
    );
    const base = piece('base');
    assert.deepEqual(await base.locator('mark.added').allTextContents(), [
      'not in the reference: New\u00a0place',
    ]);
    assert.match(
      await base.locator('.lacks').innerText(),
      /^Only in the reference: New York \(place\), ESPN \(group\)$/,
    );
    assert.equal(await piece('tuned').locator('.lacks, .added').count(), 0);
    await panel.screenshot('compare-tags-row');
  });

  it('a sentence that looks like markup stays text, and one without entities says so', async () => {
    await open(1);
    assert.equal(await piece('tuned').locator('.marked').innerText(), 'nothing <b> here & there');
    assert.match(await piece('tuned').innerText(), /No entities\./);
    // An edited answer becomes a pair to train on, which no tagger learns from.
    assert.equal(await panel.page.getByRole('button', { name: /Edit Answer/ }).count(), 0);
  });

  it('holds them against another candidate, or nothing', async () => {
    await open(2);
    await panel.page.getByLabel('Differences to').selectOption('a');
    await panel.settle();
    const tuned = piece('tuned');
    assert.deepEqual(await tuned.locator('mark.added').allTextContents(), [
      'not in base: Paris\u00a0place',
      'not in base: Rome\u00a0group',
    ]);
    assert.equal(await tuned.locator('.lacks').innerText(), 'Only in base: Paris (group)');
    assert.equal(await piece('base').locator('.added').count(), 0);
    await panel.page.getByLabel('Differences to').selectOption('nothing');
    await panel.settle();
    assert.equal(await panel.page.locator('#detail').locator('.added, .lacks').count(), 0);
    await panel.page.getByLabel('Differences to').selectOption('reference');
    await panel.settle();
  });

  it('chips go by whether all entities of a row are right', async () => {
    const count = async (chip: string) =>
      Number(
        (await panel.page.locator('.chip', { hasText: chip }).locator('.count').innerText()).replace(
          /\D/g,
          '',
        ),
      );
    assert.deepEqual(await Promise.all(['Fixed', 'Regressed', 'Both wrong'].map(count)), [40, 0, 20]);
  });

  it('the numbers of each type say what they count', async () => {
    await panel.page.getByRole('button', { name: 'Numbers' }).click();
    await panel.settle();
    await panel.page.locator('summary', { hasText: 'F1 of each type, hardest first' }).click();
    const table = panel.page.getByRole('region', { name: 'F1 of each type' });
    assert.deepEqual(await table.getByRole('columnheader').allInnerTexts(), [
      'Type',
      'Entities',
      'base',
      'tuned',
    ]);
    assert.match(
      await table.getByRole('row', { name: /^group/ }).innerText(),
      /precision 50\.0 %, recall 100\.0 %/,
    );
    assert.equal(
      await panel.page.locator('.notes').innerText(),
      'base: 4 words in 1 row count as missed: beyond the 64 tokens that it reads.',
    );
    await panel.screenshot('compare-tags-numbers');
    await panel.page.getByRole('button', { name: 'Rows', exact: true }).click();
    await panel.settle();
  });

  for (const theme of THEMES)
    it(`${theme}: every text can be read`, async () => {
      await panel.setTheme(readTheme(theme));
      await open(0);
      assert.deepEqual(await faintTexts(panel.page, TEXT), []);
      await panel.screenshot(`compare-tags-${theme}`);
    });

  it('everything that is offered has a name, and nothing is cut off in a narrow editor', async () => {
    assert.deepEqual(await nameless(panel.page), []);
    await panel.page.setViewportSize({ width: 420, height: 800 });
    await panel.settle();
    const needed = await panel.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(needed <= 420, `${needed} pixels`);
  });
});
