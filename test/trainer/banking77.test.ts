import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { installMiniLM, minilmFolder } from '../../scripts/minilm.mjs';
import { resolvedRun } from './support/resolved-run.ts';
import { metrics, trainInFolder } from './support/train-in-folder.ts';

const DATA = fileURLToPath(new URL('../../../shared/data/banking77', import.meta.url));
const LABELS = 10;

/** A real pretrained model on a slice of real data; `npm run banking77` trains on all of it. */
describe('all-MiniLM-L6-v2 on 200 rows of Banking77', () => {
  let workspace: string;

  before(function () {
    this.timeout(600_000);
    const missing = !existsSync(join(DATA, 'train.csv'))
      ? '../shared/data/banking77 is not there'
      : !installMiniLM() && 'all-MiniLM-L6-v2 needs Python 3 with pip to be installed';
    if (missing) {
      process.stdout.write(`    skipped: ${missing}\n`);
      this.skip();
    }
    workspace = mkdtempSync(join(tmpdir(), 'tunebook-banking77-'));
  });

  after(() => workspace && rmSync(workspace, { recursive: true, force: true }));

  it('tells ten intents apart after six epochs, on rows that it never saw', async function () {
    this.timeout(600_000);
    const { events } = await trainInFolder(
      workspace,
      resolvedRun({
        base: minilmFolder() ?? '',
        numLabels: LABELS,
        train: slice('train.csv', 20),
        eval: slice('test.csv', 10),
        maxLength: 64,
        arguments: {
          num_train_epochs: 6,
          per_device_train_batch_size: 16,
          per_device_eval_batch_size: 50,
          learning_rate: 3e-4,
          warmup_steps: 0.1,
          weight_decay: 0.01,
          save_strategy: 'no',
        },
      }),
    );
    const accuracy = metrics(events, 'eval').at(-1)?.values['eval_accuracy'];
    assert.ok(Number(accuracy) >= 0.85, `the accuracy is ${accuracy}, and guessing would give 0.1`);
  });

  /** A file with the first rows of each of the first labels. */
  function slice(name: string, rowsPerLabel: number): string {
    const records = parse<{ text: string; category: string }>(readFileSync(join(DATA, name)), {
      columns: true,
    });
    const labels = [...new Set(records.map(({ category }) => category))].sort().slice(0, LABELS);
    const rows = labels.flatMap((label) =>
      records.filter(({ category }) => category === label).slice(0, rowsPerLabel),
    );
    const path = join(workspace, name.replace('.csv', '.jsonl'));
    writeFileSync(
      path,
      rows.map(({ text, category }) => `${JSON.stringify({ text, label: category })}\n`).join(''),
    );
    return path;
  }
});
