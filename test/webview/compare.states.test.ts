import assert from 'node:assert/strict';
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { sharedBrowser } from './support/browser.ts';
import { ComparePage } from './support/compare-panel.ts';
import { recordEvaluation } from './support/record-evaluation.ts';

describe('the comparison panel when things are not as they should be', () => {
  const workspace = temporaryFolder();

  async function open(dir: string): Promise<ComparePage> {
    return ComparePage.open(await sharedBrowser(), dir);
  }

  it('an evaluation that goes on has its rows, and no verdict yet', async () => {
    const { dir } = recordEvaluation(workspace.path, { rows: 20, unfinished: true });
    const panel = await open(dir);
    assert.match(await panel.page.locator('.verdict').innerText(), /^The verdict appears when/);
    assert.equal(await panel.page.getByRole('grid').getAttribute('aria-rowcount'), '21');
    await panel.close();
  });

  it('without records it says why', async () => {
    const { dir } = recordEvaluation(workspace.path, { rows: 5 });
    rmSync(join(dir, 'records.jsonl'));
    const panel = await open(dir);
    assert.match(await panel.page.locator('.notice').innerText(), /This evaluation has kept no answers/);
    await panel.close();
  });

  it('a damaged line is told with its number, and what stands before it is shown', async () => {
    const { dir } = recordEvaluation(workspace.path, { rows: 5, candidates: { a: 0.5, b: 0.9 } });
    appendFileSync(join(dir, 'records.jsonl'), '{"index":\n');
    const panel = await open(dir);
    assert.match(await panel.page.locator('.notice').innerText(), /Line 11 of .*records\.jsonl is damaged/);
    assert.equal(await panel.page.getByRole('grid').getAttribute('aria-rowcount'), '6');
    await panel.close();
  });

  it('an output of a megabyte, an empty one and markup are shown as they are', async () => {
    const { dir } = recordEvaluation(workspace.path, {
      rows: 3,
      candidates: { a: 0.5, b: 0.9 },
      change: (record) => {
        for (const answer of Object.values(record.outputs))
          if (record.index < 3)
            answer.output = ['<img src=x onerror=alert(1)>', '', 'long '.repeat(200_000)][record.index] ?? '';
        return record;
      },
    });
    const panel = await open(dir);
    assert.equal(
      await panel.page.locator('#row-0 .output').first().innerText(),
      '<img src=x onerror=alert(1)>',
    );
    assert.equal(await panel.page.locator('#row-1 .output').first().innerText(), 'empty');
    await panel.page.locator('#row-2').click();
    await panel.settle();
    assert.ok((await panel.page.locator('#detail').innerText()).length < 100_000);
    await panel.page.getByRole('button', { name: 'Open All of b in an editor' }).click();
    await panel.settle();
    assert.deepEqual(panel.last('openText'), { type: 'openText', index: 2, candidate: 'b' });
    await panel.page.getByLabel('Text').fill('LONG LONG');
    await panel.settle();
    assert.equal(await panel.page.locator('.shown').innerText(), '1 row');
    assert.deepEqual(panel.complaints, []);
    await panel.close();
  });

  it('one candidate alone is a table of its answers', async () => {
    const { dir } = recordEvaluation(workspace.path, { rows: 10, candidates: { only: 0.5 } });
    const panel = await open(dir);
    assert.equal(await panel.page.getByRole('grid').getAttribute('aria-rowcount'), '11');
    await panel.page.getByRole('button', { name: 'Votes', exact: true }).click();
    await panel.settle();
    assert.match(await panel.page.locator('.voting').innerText(), /no row left to vote on/);
    await panel.close();
  });
});
