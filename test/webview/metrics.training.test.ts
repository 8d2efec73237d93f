import assert from 'node:assert/strict';
import { temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { sharedBrowser } from './support/browser.ts';
import { nameless } from './support/names.ts';
import { Panel } from './support/panel.ts';
import { beginRun, finish, writeTraining } from './support/record-run.ts';

describe('the metrics panel of a training', () => {
  const workspace = temporaryFolder();
  let panel: Panel;

  afterEach(async () => {
    await panel.close();
  });

  it('shows how a live run stands, and draws its numbers with captions in words', async () => {
    const run = beginRun(workspace.path, { name: 'intents-full' });
    writeTraining(run, { steps: 620, total: 1000, nanAt: [130] });
    run.writer.event({
      type: 'warning',
      code: 'data/truncated',
      message: '14 of 1,600 rows were cut.',
      hint: 'Raise data.max_length to 96.',
    });
    panel = await Panel.open(await sharedBrowser(), [run.dir], { width: 1400 });
    const { page } = panel;

    await page.getByRole('heading', { level: 1, name: 'intents-full' }).waitFor();
    const head = page.getByRole('article', { name: 'Run intents-full' });
    assert.match(
      await head.innerText(),
      /running[^]*Training: step 620 of 1,000 \(62 %\), 8\.31 steps\/s, 46 s left\./,
    );
    assert.match(await head.innerText(), /Device: AMD EPYC 9454, 2 threads \(no GPU was found\)\./);
    assert.match(
      await page.getByRole('list', { name: 'Warnings and errors of intents-full' }).innerText(),
      /Warning: 14 of 1,600 rows were cut\.\s+Raise data\.max_length to 96\./,
    );
    assert.equal(
      await page.getByRole('progressbar', { name: 'Progress of intents-full' }).getAttribute('value'),
      '62',
    );

    const charts = await page.getByRole('figure').getByRole('heading').allInnerTexts();
    assert.deepEqual(charts, [
      'Loss',
      'Learning rate',
      'Accuracy',
      'Macro-F1',
      'Gradient norm',
      'Tokens per second',
    ]);
    const loss = page.getByRole('figure', { name: 'Loss' });
    assert.match(
      await loss.innerText(),
      /From 2\.\d+ at step 1 to 0\.\d+ at step 620;.* still falling\. NaN at step 130\./,
    );
    assert.equal(await loss.locator('canvas').count(), 1);
    assert.deepEqual(await nameless(page), []);
    assert.deepEqual(panel.complaints, []);
    await panel.screenshot('training');
    run.writer.close();
  });

  it('marks NaN and infinity where they happened', async () => {
    const run = beginRun(workspace.path, { name: 'diverged' });
    writeTraining(run, { steps: 200, nanAt: [100] });
    panel = await Panel.open(await sharedBrowser(), [run.dir]);
    const mark = panel.page.getByRole('figure', { name: 'Loss' }).getByTitle('train: NaN at step 100.');
    const plot = panel.page.getByRole('figure', { name: 'Loss' }).locator('.u-over');
    const [at, over] = [await mark.boundingBox(), await plot.boundingBox()];
    assert.ok(at && over);
    const share = (at.x + at.width / 2 - over.x) / over.width;
    assert.ok(Math.abs(share - 99 / 199) < 0.01, `The mark is at ${share} of the chart.`);
    await panel.page.getByTitle('train: Infinity at step 100.').waitFor();
    run.writer.close();
  });

  it('follows the run: new numbers, and words for changes of state alone', async () => {
    const run = beginRun(workspace.path, { name: 'live' });
    run.writer.event({ type: 'state', state: 'preparing' });
    panel = await Panel.open(await sharedBrowser(), [run.dir]);
    const { page } = panel;
    const said = page.getByRole('status');
    assert.match(await page.locator('#no-numbers').innerText(), /being prepared/);

    writeTraining(run, { steps: 10, total: 20 });
    await panel.push();
    assert.equal(await said.innerText(), 'live: running.');
    await page.getByText('step 10 of 20 (50 %)').waitFor();
    assert.match(await page.getByRole('figure', { name: 'Loss' }).innerText(), /at step 10/);

    const before = await said.innerText();
    run.writer.event({ type: 'metrics', split: 'train', step: 11, epoch: 1, values: { loss: 7.5 } });
    await panel.push();
    assert.match(await page.getByRole('figure', { name: 'Loss' }).innerText(), /to 7\.5 at step 11/);
    assert.equal(await said.innerText(), before);

    finish(run);
    await panel.push();
    assert.equal(await said.innerText(), 'live: finished.');
    assert.equal(await page.getByRole('button', { name: 'Stop live' }).count(), 0);
    assert.equal(await page.getByRole('progressbar').count(), 0);
  });

  it('compares runs: colours with numbers, one caption a line, and a run can be taken away', async () => {
    const runs = ['first', 'second', 'third'].map((name, i) => {
      const run = beginRun(workspace.path, { name });
      writeTraining(run, { steps: 300, seed: i + 1 });
      finish(run);
      return run;
    });
    panel = await Panel.open(
      await sharedBrowser(),
      runs.map(({ dir }) => dir),
      { width: 1400 },
    );
    const { page } = panel;
    await page.getByRole('heading', { level: 1, name: '3 runs' }).waitFor();
    const loss = page.getByRole('figure', { name: 'Loss' });
    assert.deepEqual(
      await loss
        .locator('.marks')
        .getByText(/^[123]$/)
        .allInnerTexts(),
      ['1', '2', '3'],
    );
    await loss.getByText('The lines in words').click();
    assert.equal(await loss.locator('figcaption li').count(), 6);
    await page.getByRole('button', { name: 'Remove second from this panel' }).click();
    await panel.settle();
    await page.getByRole('heading', { level: 1, name: '2 runs' }).waitFor();
    assert.doesNotMatch(await loss.innerText(), /second/);
    assert.deepEqual(await nameless(page), []);
    assert.deepEqual(panel.complaints, []);
  });

  it('keeps a spike among many points, and says that not all are drawn', async () => {
    const run = beginRun(workspace.path, { name: 'long' });
    run.writer.event({ type: 'state', state: 'running' });
    for (let step = 1; step <= 6000; step++)
      run.writer.event({
        type: 'metrics',
        split: 'train',
        step,
        epoch: 0,
        values: { loss: step === 4321 ? 50 : 1 },
      });
    panel = await Panel.open(await sharedBrowser(), [run.dir], { state: { smoothing: 0 } });
    const loss = panel.page.getByRole('figure', { name: 'Loss' });
    assert.match(await loss.innerText(), /highest 50 at step 4,321/);
    assert.match(await loss.innerText(), /Drawn with [\d,]+ of 6,000 points/);
    assert.match((await loss.locator('.plot').getAttribute('aria-valuetext')) ?? '', /train 1$/);
    run.writer.close();
  });

  it('draws what a run takes of its machine in a group of its own', async () => {
    const run = beginRun(workspace.path, { name: 'busy' });
    writeTraining(run, { steps: 300 });
    for (const step of [100, 200, 300])
      run.writer.event({
        type: 'system',
        step,
        values: { cpu_percent: 180 + step / 100, memory_megabytes: 512 },
      });
    panel = await Panel.open(await sharedBrowser(), [run.dir]);
    const machine = panel.page.getByRole('region', { name: 'Machine' });
    assert.deepEqual(await machine.getByRole('heading', { level: 3 }).allInnerTexts(), [
      'Memory, MiB',
      'Processor, % of a core',
    ]);
    const cpu = machine.getByRole('figure', { name: 'Processor, % of a core' });
    assert.match(await cpu.innerText(), /183/);
    await panel.screenshot('metrics-machine');
    assert.deepEqual(await nameless(panel.page), []);
    run.writer.close();
  });

  it('shows what runs answered while they trained, step by step and beside each other', async () => {
    const runs = ['first', 'second'].map((name, i) => {
      const run = beginRun(workspace.path, { name });
      writeTraining(run, { steps: 200, seed: i });
      for (const step of i === 0 ? [50, 100, 200] : [100])
        run.writer.event({
          type: 'sample',
          step,
          prompt: 'The sea is',
          output: `${name} <b>${step}</b>\nand more`,
        });
      return run;
    });
    panel = await Panel.open(
      await sharedBrowser(),
      runs.map(({ dir }) => dir),
    );
    const { page } = panel;
    const samples = page.getByRole('region', { name: 'Samples', exact: true });
    const cells = async () =>
      (await samples.getByRole('cell').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));
    assert.deepEqual(await samples.getByRole('columnheader').allInnerTexts(), ['Prompt', 'first', 'second']);
    assert.deepEqual(await cells(), ['first <b>200</b> and more', 'step 100 second <b>100</b> and more']);
    const slider = samples.getByRole('slider', { name: 'Step' });
    assert.equal(await slider.getAttribute('aria-valuetext'), '200');
    await slider.focus();
    await page.keyboard.press('ArrowLeft');
    await panel.settle();
    assert.deepEqual(await cells(), ['first <b>100</b> and more', 'second <b>100</b> and more']);
    await samples.getByRole('button', { name: 'Earlier samples' }).click();
    await panel.settle();
    assert.deepEqual(await cells(), ['first <b>50</b> and more', 'nothing yet']);
    assert.equal(await slider.getAttribute('aria-valuetext'), '50');
    await page.keyboard.press('Escape');
    await slider.focus();
    await page.keyboard.press('End');
    await panel.settle();
    runs[0]?.writer.event({ type: 'sample', step: 300, prompt: 'The sea is', output: 'newest' });
    await panel.push();
    assert.match((await cells())[0] ?? '', /newest/, 'At the end it goes along.');
    await samples.scrollIntoViewIfNeeded();
    await panel.screenshot('metrics-samples');
    assert.deepEqual(await nameless(page), []);
    assert.deepEqual(panel.complaints, []);
    for (const { writer } of runs) writer.close();
  });

  it('draws over tokens and over a logarithmic axis, and says what has no place there', async () => {
    const run = beginRun(workspace.path, { name: 'counted' });
    writeTraining(run, { steps: 300 });
    const other = beginRun(workspace.path, { name: 'uncounted' });
    for (const step of [0, 1, 2])
      other.writer.event({ type: 'metrics', split: 'train', step, epoch: 0, values: { loss: 3 - step } });
    panel = await Panel.open(await sharedBrowser(), [run.dir, other.dir]);
    const { page } = panel;
    const loss = page.getByRole('figure', { name: 'Loss' });
    await page.getByRole('checkbox', { name: 'Log x axis' }).click();
    await panel.settle();
    assert.match(await loss.innerText(), /What lies at step 0 has no place on a logarithmic axis\./);
    const asked = panel.received.at(-1);
    assert.ok(asked?.type === 'view' && asked.view.logX === true);
    // The other run ends at step 2: of an axis from 1 to 300 that is ln 2 / ln 300.
    const [end, over] = [
      await loss
        .locator('.mark-end')
        .getByText('2')
        .evaluate((mark) => parseFloat(mark.style.left) - 4),
      await loss.locator('.u-over').evaluate((plot) => plot.clientWidth),
    ];
    assert.ok(Math.abs(end / over - Math.log(2) / Math.log(300)) < 0.01, `The end is at ${end / over}.`);
    await panel.screenshot('log-axis');
    await page.getByRole('combobox', { name: 'By' }).selectOption('tokens');
    await panel.settle();
    assert.match(
      await loss.innerText(),
      /Not drawn, for the run did not count its tokens: uncounted train\./,
    );
    const slider = page.getByRole('slider', { name: 'Loss by tokens' });
    await slider.press('End');
    assert.match(
      (await slider.getAttribute('aria-valuetext')) ?? '',
      /^After 150,000 tokens: counted train 0/,
    );
    await slider.press('-');
    await panel.settle();
    assert.deepEqual(panel.complaints, []);
    run.writer.close();
    other.writer.close();
  });

  it('a run that was resumed shows where', async () => {
    const run = beginRun(workspace.path, { name: 'resumed' });
    writeTraining(run, { steps: 200, total: 400 });
    writeTraining(run, { steps: 300, total: 400 }, 150);
    panel = await Panel.open(await sharedBrowser(), [run.dir]);
    await panel.page.getByTitle('train: resumed from step 150.').first().waitFor();
    assert.match(
      await panel.page.getByRole('figure', { name: 'Loss' }).innerText(),
      /at step 300;.*Resumed from step 150\./,
    );
    run.writer.close();
  });
});
