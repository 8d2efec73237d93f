import assert from 'node:assert/strict';
import { temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { sharedBrowser } from './support/browser.ts';
import { nameless } from './support/names.ts';
import { Panel } from './support/panel.ts';
import { beginRun, evaluationOf, finish, writeTraining } from './support/record-run.ts';

describe('the metrics panel of an evaluation', () => {
  const workspace = temporaryFolder();
  const result = evaluationOf({ base: 0.06, full: 0.93, lora: 0.92 });
  let panel: Panel;

  afterEach(async () => {
    await panel.close();
  });

  it('shows verdict, candidates, pairs and confusions instead of charts', async () => {
    const run = beginRun(workspace.path, { name: 'is-it-worth-it', kind: 'evaluate' });
    run.writer.event({ type: 'state', state: 'running' });
    run.writer.event({
      type: 'progress',
      phase: 'evaluate',
      done: 450,
      total: 900,
      rate: 90,
      secondsLeft: 5,
    });
    panel = await Panel.open(await sharedBrowser(), [run.dir], { width: 1400 });
    const { page } = panel;
    assert.match(
      await page.getByRole('article', { name: 'Evaluation is-it-worth-it' }).innerText(),
      /evaluating[^]*Evaluating: 450 of 900 examples \(50 %\), 90 examples\/s, 5 s left\.[^]*result appears here/,
    );
    const sources = { base: { folder: '/models/base' }, full: { folder: '/runs/f/output', run: 'f-1a2b' } };
    run.writer.event({ type: 'evaluation', name: 'is-it-worth-it', result: { ...result, sources } });
    finish(run);
    await panel.push();
    const section = page.getByRole('region', { name: 'Evaluation is-it-worth-it' });
    assert.equal(await page.getByRole('slider').count(), 0);
    assert.ok((await section.innerText()).includes(result.verdict.slice(1)));

    const candidates = section.getByRole('table', { name: /^Candidates/ });
    assert.deepEqual(await candidates.getByRole('rowheader').allInnerTexts(), [
      'base\nbase',
      'full\nrun f-1a2b',
      'lora',
    ]);
    const value = (100 * (result.candidates['full']?.['accuracy']?.value ?? NaN)).toFixed(1);
    assert.match(
      await candidates.getByRole('row', { name: /^full/ }).innerText(),
      new RegExp(`${value} %\\s*best`),
    );
    const pairs = section.getByRole('table', { name: /^Pairs/ });
    assert.equal(await pairs.getByRole('row').count(), 1 + result.pairs.length);
    assert.match(
      await pairs
        .getByRole('row', { name: /^lora against full/ })
        .first()
        .innerText(),
      /not shown: only/,
    );
    assert.deepEqual(await nameless(page), []);
    assert.deepEqual(panel.complaints, []);
    await panel.screenshot('evaluation');
  });

  it('a confusion matrix is a picture, words, and a table that opens by keyboard', async () => {
    const run = beginRun(workspace.path, { name: 'confused', kind: 'evaluate' });
    run.writer.event({ type: 'evaluation', name: 'confused', result });
    finish(run);
    panel = await Panel.open(await sharedBrowser(), [run.dir]);
    const figure = panel.page.getByRole('figure', { name: 'base' });
    await figure.getByRole('img', { name: /^Heat map of base/ }).waitFor();
    const counts = result.confusion?.['base'];
    assert.ok(counts);
    const filled = counts.counts.flat().filter((count) => count > 0).length;
    assert.equal(await figure.locator('rect.cell').count(), filled);
    assert.match(await figure.innerText(), /zoom_in as zoom_out, \d+ times/);
    await figure.getByText('All counts of base as a table').press('Enter');
    const table = figure.getByRole('table', { name: /^Confusion matrix of base/ });
    const cells = await table
      .getByRole('row', { name: /^zoom_in/ })
      .getByRole('cell')
      .allInnerTexts();
    assert.deepEqual(cells.map(Number), counts.counts[0]);
  });

  it('stands below the charts of a training that ends with one', async () => {
    const run = beginRun(workspace.path, { name: 'both' });
    writeTraining(run, { steps: 50 });
    run.writer.event({ type: 'evaluation', name: 'test', result });
    finish(run);
    panel = await Panel.open(await sharedBrowser(), [run.dir]);
    const chart = await panel.page.getByRole('figure', { name: 'Loss' }).boundingBox();
    const section = await panel.page.getByRole('region', { name: 'Evaluation test of both' }).boundingBox();
    assert.ok(chart && section && section.y > chart.y);
  });

  it('an evaluation that ended without a result says so', async () => {
    const run = beginRun(workspace.path, { name: 'broken', kind: 'evaluate' });
    run.writer.event({
      type: 'error',
      code: 'model/missing',
      message: 'The model is missing.',
      hint: 'Train it first.',
    });
    run.writer.event({ type: 'state', state: 'failed' });
    run.writer.close();
    panel = await Panel.open(await sharedBrowser(), [run.dir]);
    const text = await panel.page.getByRole('article', { name: 'Evaluation broken' }).innerText();
    assert.match(
      text,
      /failed[^]*Error: The model is missing\.\s+Train it first\.[^]*ended without a result/,
    );
  });
});
