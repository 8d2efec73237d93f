import assert from 'node:assert/strict';
import { temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { sharedBrowser } from './support/browser.ts';
import { ComparePage } from './support/compare-panel.ts';
import { recordEvaluation } from './support/record-evaluation.ts';

describe('the comparison panel by keyboard', () => {
  const workspace = temporaryFolder();
  let panel: ComparePage;

  before(async () => {
    const { dir } = recordEvaluation(workspace.path, {
      rows: 300,
      candidates: { prompted: 0.6, tuned: 0.8 },
    });
    panel = await ComparePage.open(await sharedBrowser(), dir);
  });

  after(async () => {
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  });

  const press = async (...keys: string[]) => {
    for (const key of keys) await panel.page.keyboard.press(key);
    await panel.settle();
  };
  const openRow = async () => (await panel.page.locator('#detail h2').innerText()).trim();
  const opened = (row: number) =>
    panel.page.locator('#detail h2', { hasText: new RegExp(`^\\s*Row ${row}\\s*$`) }).waitFor();

  it('rows are walked through, each is opened, and Enter and Escape go there and back', async () => {
    const grid = panel.page.getByRole('grid');
    await grid.focus();
    await press('ArrowDown', 'ArrowDown');
    await opened(2);
    assert.equal(await grid.getAttribute('aria-activedescendant'), 'row-2');
    await press('End');
    await opened(299);
    assert.ok(await panel.page.locator('#row-299').isVisible());
    await press('PageUp');
    assert.notEqual(await openRow(), 'Row 299');
    await press('Home');
    await opened(0);
    await press('Enter');
    assert.equal(await focused(), 'detail');
    await press('Escape');
    assert.equal(await focused(), 'grid');
  });

  it('no key is lost that comes before the page is drawn or its row has come', async () => {
    const grid = panel.page.getByRole('grid');
    await press('Home');
    await grid.evaluate((element) => {
      for (let i = 0; i < 5; i++) element.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown' }));
    });
    await opened(5);
    await panel.settle();
    assert.equal(await grid.getAttribute('aria-activedescendant'), 'row-5');
    await press('Home');
  });

  it('keys choose chips, the filter, what outputs are held against, the link and the file', async () => {
    await press('3');
    assert.equal(
      await panel.page
        .locator('.chip[aria-pressed=true]')
        .innerText()
        .then((text) => text.startsWith('Fixed')),
      true,
    );
    await press('1', '/');
    assert.equal(await focused(), 'filter-text');
    await panel.page.keyboard.type('2l');
    await panel.settle();
    assert.equal(await panel.page.getByLabel('Text').inputValue(), '2l', 'Keys are letters in a field.');
    await panel.page.getByLabel('Text').fill('');
    await panel.page.getByRole('grid').focus();
    await press('d');
    assert.equal(await panel.page.getByLabel('Differences to').inputValue(), 'a');
    await press('l', 'o');
    assert.deepEqual(panel.last('copyLink'), { type: 'copyLink', index: 0 });
    assert.deepEqual(panel.last('openSource'), { type: 'openSource', index: 0 });
  });

  it('votes blind with the arrows, goes on by itself, skips, and takes a vote back', async () => {
    await press('v');
    const ballot = panel.page.getByRole('group', { name: /Which answer to row/ });
    assert.equal(await focused(), 'ballot');
    const text = await ballot.innerText();
    assert.ok(!/prompted|tuned|score|right answer/.test(text), 'Nothing tells whose answers they are.');
    const sides = new Set<string>();
    const rows = new Set<number>();
    for (let vote = 0; vote < 12; vote++) {
      await press(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'][vote % 4] ?? '');
      const last = panel.last('vote')?.vote;
      sides.add(last?.left ?? '');
      rows.add(last?.index ?? -1);
    }
    assert.deepEqual([...sides].sort(), ['prompted', 'tuned'], 'Each is on either side now and then.');
    assert.equal(rows.size, 12, 'No row comes twice.');
    assert.match(
      await panel.page.getByRole('region', { name: 'What the votes say' }).innerText(),
      /12 votes so far/,
    );
    await panel.screenshot('compare-votes');
    const before = await ballot.getAttribute('aria-label');
    await press('s');
    assert.notEqual(await ballot.getAttribute('aria-label'), before);
    await press('u');
    assert.match(
      await panel.page.getByRole('region', { name: 'What the votes say' }).innerText(),
      /11 votes so far/,
    );
    assert.equal(panel.feed.votes.all.length, 11);
    await press('r');
  });

  it('an answer is edited and kept', async () => {
    await panel.page.getByRole('button', { name: 'Edit Answer of tuned' }).focus();
    await press('Enter');
    assert.equal(await focused(), 'edited-answer');
    await panel.page.keyboard.press('Control+A');
    await panel.page.keyboard.type('a better one');
    await press('Control+Enter');
    assert.match(await panel.page.locator('#detail').innerText(), /Better answer: a better one/);
    assert.equal(panel.feed.votes.edits[0]?.output, 'a better one');
  });

  async function focused(): Promise<string> {
    return panel.page.evaluate(() => document.activeElement?.id ?? '');
  }
});
