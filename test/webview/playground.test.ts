import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { writeCausalModel } from '../support/causal-model.ts';
import { sharedBrowser } from './support/browser.ts';
import { faintTexts } from './support/contrast.ts';
import { nameless } from './support/names.ts';
import { PlaygroundPage } from './support/playground-page.ts';
import { readTheme, THEMES } from './support/themes.ts';

const CLASSIFIER = fileURLToPath(new URL('../fixtures/parity/bert-classifier', import.meta.url));
const CHAT =
  '{% for m in messages %}blood {{ m.content }} {% endfor %}{% if add_generation_prompt %}green{% endif %}';

describe('the playground', function () {
  this.timeout(300_000);
  const workspace = temporaryFolder();
  let panel: PlaygroundPage;
  const model = (name: string) => ({ kind: 'model' as const, model: join(workspace.path, name), name });

  before(async () => {
    writeCausalModel(join(workspace.path, 'plain'));
    writeCausalModel(join(workspace.path, 'chatty'), CHAT);
    cpSync(CLASSIFIER, join(workspace.path, 'labels'), { recursive: true });
    const sources = [model('plain'), model('chatty')];
    panel = await PlaygroundPage.open(await sharedBrowser(), workspace.path, sources);
  });

  after(async () => {
    await panel.close();
    assert.deepEqual(panel.complaints, []);
  });

  const answers = () => panel.page.locator('.turn').last().locator('.answer');
  const lines = (file: string) =>
    readFileSync(join(workspace.path, 'preferences', file), 'utf8')
      .trimEnd()
      .split('\n')
      // SAFETY: what a row holds is asserted where it is looked at.
      .map((line) => JSON.parse(line) as { prompt: unknown; completion?: string; chosen?: unknown });

  it('answers with all candidates side by side when Enter is pressed, and says how fast', async () => {
    await panel.page.locator('.settings summary').click();
    await panel.page.getByLabel('max_new_tokens').fill('6');
    await panel.page.getByLabel('max_new_tokens').press('Tab');
    await panel.ask('sky is');
    assert.equal(await answers().count(), 2);
    for (const text of await answers().locator('.stats').allInnerTexts())
      assert.match(text, /^\d tokens? · [\d.]+ tokens\/s · [\d.]+ s · prompt of \d+ · /);
    assert.equal(await panel.page.getByLabel(/^Message/).inputValue(), '');
    const asked = panel.received.findLast(({ type }) => type === 'ask');
    assert.ok(asked?.type === 'ask');
    assert.deepEqual(asked.settings, { max_new_tokens: 6 });
  });

  it('a question that is asked before the candidates are found goes to them when they are', async () => {
    let find = () => {};
    const found = new Promise<void>((resolve) => (find = resolve));
    const early = await PlaygroundPage.open(await sharedBrowser(), workspace.path, [model('plain')], {
      found,
    });
    await early.page.getByLabel(/^Message/).fill('sky is');
    await early.page.keyboard.press('Enter');
    assert.equal(await early.page.getByLabel(/^Message/).inputValue(), 'sky is');
    find();
    await early.page.locator('.question', { hasText: 'sky is' }).waitFor();
    await early.page.locator('.stats').waitFor();
    await early.close();
    assert.deepEqual(early.complaints, []);
  });

  it('lets a chat hear what was said, and a text model not', async () => {
    await panel.ask('grass is');
    const asked = panel.received.findLast(({ type }) => type === 'ask');
    assert.ok(asked?.type === 'ask');
    const heard = Object.values(asked.past).map((past) => past.map(({ user }) => user));
    assert.deepEqual(heard, [[], ['sky is']]);
  });

  it('keeps an answer as a row, and an edited one as a pair, with a config', async () => {
    const answer = answers().first();
    const text = await answer.locator('.body').innerText();
    await answer.getByRole('button', { name: /^Keep Row/ }).click();
    await answer.getByText('Kept as a row to train on in preferences/playground-edits.jsonl.').waitFor();
    await answer.getByRole('button', { name: /^Edit/ }).click();
    await answer.getByLabel(/^Better answer/).fill('green, of course');
    await answer.getByRole('button', { name: /^Keep Pair/ }).click();
    await answer.getByText('Kept as a pair in preferences/playground.jsonl.').waitFor();
    const [row] = lines('playground-edits.jsonl');
    const completion = row?.completion ?? '';
    assert.deepEqual(row, { prompt: 'grass is', completion: completion });
    assert.equal(completion.trim(), text.trim());
    assert.deepEqual(lines('playground.jsonl'), [
      {
        prompt: 'grass is',
        chosen: 'green, of course',
        rejected: completion,
      },
    ]);
  });

  it('prefers an answer to the others with one click, in the form of its prompt', async () => {
    const chat = answers().nth(1);
    await chat.getByRole('button', { name: /^Prefer/ }).click();
    await chat.getByText('Kept as a pair in preferences/playground-chat.jsonl.').waitFor();
    const [pair] = lines('playground-chat.jsonl');
    assert.ok(Array.isArray(pair?.prompt));
    assert.equal(pair.prompt.length, 3);
    assert.deepEqual(pair.prompt.at(-1), { role: 'user', content: 'grass is' });
  });

  it('shows the probabilities of labels of a classifier that is added', async () => {
    await panel.add(model('labels'));
    await panel.page.locator('.candidate').nth(2).waitFor();
    await panel.ask('lo lo');
    const table = answers()
      .nth(2)
      .getByRole('table', { name: /Labels and their probabilities/ });
    assert.equal(await table.getByRole('row').count(), 5);
    const shares = await table.locator('.number').allInnerTexts();
    const sum = shares.reduce((total, share) => total + Number.parseFloat(share), 0);
    assert.ok(Math.abs(sum - 100) < 0.5, shares.join());
    assert.equal(
      await answers()
        .nth(2)
        .getByRole('button', { name: /^Prefer/ })
        .count(),
      0,
    );
  });

  it('refuses a setting out of its range, at its field', async () => {
    const field = panel.page.getByLabel('top_p');
    await field.fill('2');
    await field.press('Tab');
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    await field.fill('');
    await field.press('Tab');
    assert.equal(await field.getAttribute('aria-invalid'), 'false');
    await panel.page.locator('.settings summary').click();
  });

  it('hides a candidate and asks it no more; its answers come back with it', async () => {
    await panel.page.getByRole('button', { name: 'Hide chatty' }).click();
    await panel.page.getByRole('button', { name: /^Show All/ }).waitFor();
    await panel.ask('blood is');
    assert.equal(await answers().count(), 2);
    await panel.page.getByRole('button', { name: /^Show All/ }).click();
    await panel.page.locator('.candidate').nth(2).waitFor();
    assert.match(await answers().nth(1).innerText(), /Was not asked/);
  });

  it('takes the newest question back into the field', async () => {
    const before = await panel.page.locator('.turn').count();
    await panel.page.getByRole('button', { name: /^Ask Anew/ }).click();
    await panel.page
      .locator('.turn')
      .nth(before - 1)
      .waitFor({ state: 'detached' });
    assert.equal(await panel.page.getByLabel(/^Message/).inputValue(), 'blood is');
  });

  it('has its conversation after a reload', async () => {
    const texts = await panel.page.locator('.question').allInnerTexts();
    await panel.page.reload();
    await panel.page.locator('.candidate').nth(2).waitFor();
    assert.deepEqual(await panel.page.locator('.question').allInnerTexts(), texts);
    await panel.ask('sky');
  });

  it('names everything for a screen reader', async () => {
    assert.deepEqual(await nameless(panel.page), []);
    assert.match(await panel.page.locator('#announcements').innerText(), /\S/);
  });

  for (const theme of THEMES)
    it(`${theme}: every text can be read`, async () => {
      await panel.setTheme(readTheme(theme));
      assert.deepEqual(await faintTexts(panel.page, 4.5), []);
      await panel.screenshot(`playground-${theme}`);
    });

  it('nothing is cut off in a narrow editor', async () => {
    await panel.page.setViewportSize({ width: 420, height: 800 });
    const needed = await panel.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(needed <= 420, `It needs ${needed} pixels.`);
  });
});
