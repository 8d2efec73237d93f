import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChatServer } from '../trainer/support/chat-server.ts';
import { evaluateInFolder } from '../trainer/support/evaluate-in-folder.ts';
import { answerAndJudge } from '../trainer/support/judged-evaluation.ts';
import { answerAndScore, scoredEvaluation } from '../trainer/support/scored-evaluation.ts';
import { recordEvaluation } from '../webview/support/record-evaluation.ts';
import { inOrder } from './support/in-order.ts';
import { runsOnDisk } from './support/run-folder.ts';
import { copyExample, useSession } from './support/session.ts';
import { until } from './support/until.ts';
import { succeeds } from './support/workbench.ts';

const NAME = 'is-it-worth-it';
const TAB = `${NAME} — comparison`;

/** The example, with an evaluation of it that has ended. */
function fill(workspace: string): void {
  copyExample(workspace);
  recordEvaluation(workspace, { rows: 200 });
}

const JUDGED = 'how-polite';

/** Evaluates with a judge that compares and scores, and with repeats of which one is right once, behind a server of its own. */
async function evaluateJudged(workspace: string): Promise<void> {
  const server = new ChatServer();
  const base_url = await server.listen();
  answerAndJudge(server);
  const compared = server.answer;
  answerAndScore(server);
  const scored = server.answer;
  let said = 0;
  server.answer = (prompt) => {
    if (prompt.includes('[Answer A]')) return compared(prompt);
    return prompt === 'kindly say row 5' && ++said === 2 ? 'right 5' : scored(prompt);
  };
  const fields = { name: JUDGED, repeats: 3, metrics: ['win_rate' as const, 'exact_match' as const] };
  const { outcome } = await evaluateInFolder(workspace, scoredEvaluation(workspace, base_url, fields));
  server.close();
  assert.equal(outcome.state, 'finished');
}

describe('the answers of an evaluation, row by row', function () {
  this.timeout(900_000);
  inOrder();
  const code = useSession({ name: 'compare', fill });
  const grid = () => code.window.webview.getByRole('grid', { name: 'Rows of the evaluation' });

  it('opens from the palette with the verdict, a row an example and a column a candidate', async () => {
    const { window } = code;
    await window.showRuns();
    await window.command('Tunebook: Open Comparison');
    await window.tab(TAB).waitFor();
    await grid().waitFor();
    await window.webview.locator('#row-0').waitFor();
    // The first rows are there before all were read.
    await window.webview.locator('.verdict', { hasText: /^\s*tuned beats base by/ }).waitFor();
    await until('all rows are there', async () => (await grid().getAttribute('aria-rowcount')) === '201');
    await window.screenshot('compare-1-rows');
  });

  it('opens from the lens over its document as well', async () => {
    const { window, workspace } = code;
    await window.command('View: Close All Editors');
    await window.openFile('intents.tune.yaml');
    await window.goTo(readFileSync(join(workspace, 'intents.tune.yaml'), 'utf8'), `evaluate: ${NAME}`);
    const [run] = runsOnDisk(workspace);
    await window.openByLens(window.lens(`Every row of ${run?.id}, candidates side by side`), TAB);
    await window.webview.locator('#row-0').waitFor();
  });

  it('is filtered by mouse and walked through by keyboard', async () => {
    const { window } = code;
    const fixed = window.webview.locator('.chip', { hasText: 'Fixed' });
    await fixed.click();
    // Other rows come from the extension host, and begin at their top again.
    await until('the rows are those that were fixed', async () => {
      const count = await fixed.locator('.count').innerText();
      return (await window.webview.locator('.shown').innerText()) === `${count} rows`;
    });
    await grid().focus();
    await window.page.keyboard.press('ArrowDown');
    await window.webview.locator('#row-1.active').waitFor();
    await window.webview.locator('#detail ins').first().waitFor();
    await window.screenshot('compare-2-fixed');
  });

  it('is voted on without knowing whose the answers are', async () => {
    const { window, workspace } = code;
    await window.page.keyboard.press('v');
    await window.webview.getByRole('group', { name: /Which answer to row/ }).waitFor();
    await window.page.keyboard.press('ArrowLeft');
    await window.webview.getByText('1 vote so far').waitFor();
    const [run] = runsOnDisk(workspace);
    await until('the vote is kept', () => existsSync(join(run?.dir ?? '', 'votes.jsonl')));
    await window.screenshot('compare-3-votes');
  });

  it('makes preference data and a config to learn from them', async () => {
    const { window, workspace } = code;
    await window.webview.getByRole('button', { name: 'Make Preference Data' }).click();
    await window.pick('tuned');
    await window.tab(`${NAME}.tune.yaml`).waitFor();
    const [pair = '', ...rest] = readFileSync(join(workspace, 'preferences', `${NAME}.jsonl`), 'utf8').split(
      '\n',
    );
    assert.match(pair, /^\{"prompt":".+","chosen":".+","rejected":".+"\}$/);
    assert.deepEqual(rest, ['']);
    await window.screenshot('compare-4-preferences');
  });

  it('is as it was after a reload, in light, dark and high contrast', async () => {
    const { window } = code;
    await window.tab(TAB).click();
    await window.webview.locator('.verdict').first().waitFor();
    await window.reload();
    await window.tab(TAB).click();
    await window.webview.locator('.chip[aria-pressed=true]', { hasText: 'Fixed' }).waitFor();
    await window.inThemes(async (theme) => {
      await window.tab(TAB).click();
      await window.webview.locator('.list .line').first().waitFor();
      await window.screenshot(`compare-5-${theme}`);
    });
  });

  it('shows what a judge prefers and scores, and how far repeats lie apart, in every theme', async () => {
    const { window, workspace } = code;
    await evaluateJudged(workspace);
    const view = window.webview;
    await until('the new evaluation can be chosen', async () => {
      await window.command('Tunebook: Open Comparison');
      if (!(await succeeds(window.pick(JUDGED, 5)))) return false;
      return succeeds(window.tab(`${JUDGED} — comparison`).waitFor({ timeout: 10_000 }));
    });
    const chip = view.locator('.chip', { hasText: 'Judge undecided' });
    await until('the chip of a judge is pressed by its key', async () => {
      await view.locator('#grid').focus();
      await window.page.keyboard.press('9');
      return succeeds(
        view.locator('.chip[aria-pressed=true]', { hasText: 'Judge undecided' }).waitFor({ timeout: 2000 }),
      );
    });
    await until('its rows are counted', async () => /3$/.test(await chip.innerText()));
    await until('a row is open', async () => {
      await view.locator('#row-0').click();
      return succeeds(view.getByText('The judge', { exact: true }).waitFor({ timeout: 2000 }));
    });
    await window.inThemes(async (theme) => {
      await view.getByRole('button', { name: 'Rows', exact: true }).click();
      await chip.waitFor();
      await window.screenshot(`compare-6-judge-${theme}`);
      await view.getByRole('button', { name: 'Numbers', exact: true }).click();
      await view.locator('table.scored').first().waitFor();
      await window.screenshot(`compare-7-numbers-${theme}`);
    });
    assert.match(await view.locator('table.candidates').innerText(), /± .* over 3 repeats/);
  });

  it('says nothing in the console about blocked content or faults of ours', () => {
    assert.deepEqual(code.window.faults, []);
  });
});
