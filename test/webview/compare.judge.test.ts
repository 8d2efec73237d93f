import assert from 'node:assert/strict';
import type { ResolvedEvaluate } from '../../src/language/resolved.ts';
import { newRun } from '../../src/runs/testing/fixtures.ts';
import type { ChatServer } from '../trainer/support/chat-server.ts';
import { evaluateInFolder } from '../trainer/support/evaluate-in-folder.ts';
import { answerAndJudge, judgedEvaluation } from '../trainer/support/judged-evaluation.ts';
import { answerAndScore, scoredEvaluation } from '../trainer/support/scored-evaluation.ts';
import { useJudge } from '../trainer/support/use-judge.ts';
import { sharedBrowser } from './support/browser.ts';
import { ComparePage } from './support/compare-panel.ts';

/** Gives the tests of the enclosing `describe` the panel of an evaluation with a judge, which complains of nothing until they are done. */
function usePanel(
  answer: (server: ChatServer) => void,
  evaluationOf: (workspace: string, base_url: string) => ResolvedEvaluate,
  take: (panel: ComparePage) => void,
): void {
  const judge = useJudge(answer);
  let panel: ComparePage;

  before(async () => {
    const { path } = judge.workspace;
    const dir = newRun(path, { kind: 'evaluate', name: 'is-it-worth-it' });
    await evaluateInFolder(path, evaluationOf(path, judge.base_url), { dir });
    panel = await ComparePage.open(await sharedBrowser(), dir);
    take(panel);
  });
  after(async () => {
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  });
}

describe('the comparison panel: a judge', () => {
  let panel: ComparePage;
  usePanel(answerAndJudge, judgedEvaluation, (opened) => (panel = opened));

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

describe('the comparison panel: a rubric', () => {
  let panel: ComparePage;
  usePanel(answerAndScore, scoredEvaluation, (opened) => (panel = opened));

  it('has its scores in the verdict and in the rows, and no chips of pairs', async () => {
    assert.match(
      await panel.page.locator('.verdict').first().innerText(),
      /^kind beats plain by 3 in politeness score/,
    );
    const cells = await panel.page.locator('#row-2 .answer .stats').allInnerTexts();
    assert.match(cells[0] ?? '', /^brevity 1 · politeness 2 · /);
    assert.match(cells[1] ?? '', /^brevity 1 · politeness 5 · /);
    const lost = await panel.page.locator('#row-1 .answer .stats').nth(1).innerText();
    assert.match(lost, /^brevity 1 · score/);
    assert.equal(await panel.page.locator('.chip').count(), 5);
  });

  it('tells of the open row why, in the words of the scale, and what was asked', async () => {
    await panel.page.locator('#row-2').click();
    await panel.settle();
    const kind = panel.page
      .locator('#detail .texts > div')
      .filter({ has: panel.page.locator('h3', { hasText: 'kind' }) });
    assert.match(await kind.innerText(), /politeness: 5 of 5, very polite\s+It is kind\./);
    await kind.getByText('What the judge was asked about politeness of kind').click();
    const asked = kind.locator('details', { hasText: 'about politeness' }).locator('pre');
    assert.match(await asked.innerText(), /\[Scale\]\n1: rude\n3: neutral\n5: very polite/);
    await asked.scrollIntoViewIfNeeded();
    await panel.screenshot('compare-rubric-row');
    await panel.page.locator('#row-1').click();
    await panel.settle();
    assert.match(await kind.innerText(), /politeness: no score could be read\s+Let us say/);
  });

  it('has how many answers have each score among the numbers', async () => {
    await panel.page.getByRole('button', { name: 'Numbers' }).click();
    await panel.settle();
    const table = panel.page.locator('table.scored').first();
    assert.match(
      await table.locator('caption').innerText(),
      /politeness score: how polite the answer is; 1 without a score/,
    );
    assert.deepEqual(await table.locator('thead th').allInnerTexts(), [
      'Candidate',
      '1: rude',
      '2',
      '3: neutral',
      '4',
      '5: very polite',
    ]);
    assert.deepEqual(await table.locator('tbody tr').nth(1).locator('th, td').allInnerTexts(), [
      'kind',
      '0',
      '0',
      '0',
      '0',
      '7',
    ]);
    await table.scrollIntoViewIfNeeded();
    await panel.screenshot('compare-rubric-numbers');
  });
});
