import assert from 'node:assert/strict';
import { newRun, ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { ChatServer } from '../trainer/support/chat-server.ts';
import { evaluateInFolder } from '../trainer/support/evaluate-in-folder.ts';
import { answerAndJudge, judgedEvaluation } from '../trainer/support/judged-evaluation.ts';
import { sharedBrowser } from './support/browser.ts';
import { ComparePage } from './support/compare-panel.ts';

describe('the comparison panel: a judge', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  const server = new ChatServer();
  let panel: ComparePage;

  before(async () => {
    const base_url = await server.listen();
    answerAndJudge(server);
    const dir = newRun(workspace.path, { kind: 'evaluate', name: 'is-it-worth-it' });
    await evaluateInFolder(workspace.path, judgedEvaluation(workspace.path, base_url), { dir });
    panel = await ComparePage.open(await sharedBrowser(), dir);
  });
  after(async () => {
    server.close();
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  });

  it('says in the verdict what it contradicted itself on and what could not be read', async () => {
    const verdict = await panel.page.locator('.verdict').first().innerText();
    assert.match(
      verdict,
      /contradicted itself on 1 of 6 rows when the answers changed places, which counts as a tie/,
    );
    assert.match(verdict, /3 of the 16 answers of the judge hold no verdict/);
  });

  it('has chips that count and choose rows by what it said, in the reach of keys and of screen readers', async () => {
    const chips = panel.page.getByRole('group', { name: 'kind against plain' }).getByRole('button');
    assert.deepEqual(
      (await chips.allInnerTexts()).slice(5).map((text) => text.replace('\n', ' ')),
      ['Judged better 4', 'Judged worse 0', 'Judged equal 1', 'Judge undecided 3'],
    );
    const shown = async () => Number(await panel.page.locator('#grid').getAttribute('aria-rowcount')) - 1;
    await panel.page.keyboard.press('9');
    await panel.settle();
    assert.equal(await shown(), 3);
    const undecided = chips.filter({ hasText: 'Judge undecided' });
    assert.equal(await undecided.getAttribute('aria-pressed'), 'true');
    assert.match((await undecided.getAttribute('title')) ?? '', /contradicts itself/);
    assert.equal(await panel.page.locator('#announcements').innerText(), '3 rows.');
    await chips.filter({ hasText: 'Judged better' }).click();
    await panel.settle();
    assert.equal(await shown(), 4);
    await panel.screenshot('compare-judge-chips');
    await panel.page.keyboard.press('1');
    await panel.settle();
    assert.equal(await shown(), 8);
  });

  it('is seen on the row: both orders, what it was asked and what it said', async () => {
    await panel.page.locator('#row-1').click();
    await panel.settle();
    const detail = panel.page.locator('#detail');
    const judge = detail.locator('.piece', { hasText: 'The judge' });
    assert.match(await judge.innerText(), /plain first, then kind: plain is better/);
    assert.match(await judge.innerText(), /kind first, then plain: kind is better/);
    await judge.locator('summary').first().click();
    assert.match(await judge.locator('pre').first().innerText(), /What counts: politeness/);
    await judge.locator('summary').first().scrollIntoViewIfNeeded();
    await panel.screenshot('compare-judge-row');
    await panel.page.locator('#row-0').click();
    await panel.settle();
    assert.match(await judge.innerText(), /no verdict could be read/);
  });

  it('has its counts among the numbers', async () => {
    await panel.page.getByRole('button', { name: 'Numbers' }).click();
    await panel.settle();
    const cells = await panel.page.locator('table.judged tbody tr').first().locator('th, td').allInnerTexts();
    assert.deepEqual(cells, ['kind against plain', '4', '2', '0', '1', '0', '2']);
    await panel.page.locator('table.judged').scrollIntoViewIfNeeded();
    await panel.screenshot('compare-judge-numbers');
  });
});
