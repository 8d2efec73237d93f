import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tunebook } from '../cli/support/tunebook.ts';
import { EXAMPLE } from './support/example.ts';

describe("the example's runs", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tunebook-example-'));
    cpSync(EXAMPLE, folder, { recursive: true, filter: (path) => !/[\\/](\.tunebook|corpus)$/.test(path) });
  });

  after(() => rmSync(folder, { recursive: true }));

  /** Accuracy on the validation rows at the end of a run. The test rows stay unseen: no setting may be chosen on them. */
  async function accuracyOf(config: string, run: string): Promise<number> {
    const { code, stdout, stderr } = await tunebook(['run', config, run, '--json'], { cwd: folder });
    assert.equal(code, 0, stderr);
    // SAFETY: the last line of `run --json` is the finished object of the command line's contract.
    const last = JSON.parse(stdout.trim().split('\n').at(-1)!) as {
      type: string;
      metrics: Record<string, number>;
    };
    assert.equal(last.type, 'finished');
    return last.metrics['eval_accuracy']!;
  }

  it('pay off: tuned from the base model is right far more often than from random weights', async () => {
    const full = await accuracyOf('intents.tune.yaml', 'intents-full');
    const lora = await accuracyOf('intents.tune.yaml', 'intents-lora');
    const scratch = await accuracyOf('from-scratch.tune.yaml', 'intents-scratch');
    assert.ok(full >= 0.87, `full: ${full}`);
    assert.ok(lora >= full - 0.06, `lora: ${lora}, full: ${full}`);
    assert.ok(scratch <= full - 0.2, `scratch: ${scratch}, full: ${full}`);
  });
});
