import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resolvedRun } from './support/resolved-run.ts';
import { metrics, trainInFolder } from './support/train-in-folder.ts';

const TEXT = fileURLToPath(new URL('../../../shared/data/tinyshakespeare/input.txt', import.meta.url));
const BASE = fileURLToPath(new URL('../../../shared/models/stories260K/hf', import.meta.url));

/** A real pretrained Llama on real text; `npm run shakespeare` trains on all of it. */
describe('stories260K on a part of tinyshakespeare', () => {
  let workspace: string;

  before(function () {
    if (!existsSync(TEXT) || !existsSync(BASE)) {
      process.stdout.write(
        '    skipped: ../shared/data/tinyshakespeare or ../shared/models/stories260K is not there\n',
      );
      this.skip();
    }
    workspace = mkdtempSync(join(tmpdir(), 'tunebook-shakespeare-'));
  });

  after(() => workspace && rmSync(workspace, { recursive: true, force: true }));

  for (const [title, method, learning_rate, bound] of [
    ['all of it', { full: {} }, 2e-3, 3.3],
    [
      'LoRA on every linear layer',
      { lora: { r: 8, lora_alpha: 16, target_modules: 'all-linear' } },
      1e-2,
      3.9,
    ],
  ] as const) {
    it(`learns from 50 steps, ${title}: the loss on lines that it never saw falls from 5 and more`, async function () {
      this.timeout(300_000);
      const text = readFileSync(TEXT, 'utf8');
      const train = write('train.txt', text.slice(0, 300_000));
      const validation = write('validation.txt', text.slice(-20_000));
      const evaluated = async (steps: number, rate: number) => {
        const run = resolvedRun({
          base: BASE,
          task: 'text-generation',
          train,
          eval: validation,
          maxLength: 128,
          method,
          arguments: {
            max_steps: steps,
            per_device_train_batch_size: 8,
            per_device_eval_batch_size: 8,
            learning_rate: rate,
            warmup_steps: 5,
            save_strategy: 'no',
          },
        });
        run.data = { ...run.data, packing: true, packing_strategy: 'wrapped' };
        for (const { dataset } of [run.data.train, run.data.eval!]) dataset.sample_by = 'paragraph';
        const { events } = await trainInFolder(workspace, run);
        return Number(metrics(events, 'eval').at(-1)?.values['eval_loss']);
      };
      const before = await evaluated(1, 0);
      const after = await evaluated(50, learning_rate);
      assert.ok(before > 5, `it was ${before} at first`);
      assert.ok(after < bound, `it is still ${after}`);
    });
  }

  function write(name: string, content: string): string {
    const file = join(workspace, name);
    writeFileSync(file, content);
    return file;
  }
});
