import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeCausalModel } from '../support/causal-model.ts';

const CHILD = join(import.meta.dirname, 'support/tokens-child.ts');
const MEGABYTE = 2 ** 20;
/** Words of a row: a kilobyte. */
const WORDS = 200;

interface Taken {
  tokens: number;
  sequences: number;
  peak: number;
}

describe('the memory of tokenising and packing', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tunebook-tokens-'));
    writeCausalModel(join(folder, 'model'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Writes rows until the file is so large; a row holds about a kilobyte. */
  function writeRows(name: string, megabytes: number): string {
    const path = join(folder, name);
    const text = Array.from({ length: WORDS }, (_, i) => ['grass', 'blood', 'green', 'blue'][i % 4]).join(
      ' ',
    );
    const rows = Array.from({ length: 1000 }, (_, i) => {
      return `${JSON.stringify({ text: text.slice(0, text.length - (i % 700)) })}\n`;
    }).join('');
    const file = openSync(path, 'w');
    for (let bytes = 0; bytes < megabytes * MEGABYTE; bytes += rows.length) writeSync(file, rows);
    closeSync(file);
    return path;
  }

  async function take(path: string): Promise<Taken> {
    // Little room for garbage, which would hide what is kept. What lies outside of V8's heap has no such bound.
    const args = ['--max-semi-space-size=1', '--max-old-space-size=40', CHILD, path, join(folder, 'model')];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    // SAFETY: the child prints this.
    return JSON.parse(stdout) as Taken;
  }

  it('does not grow with the file', async function () {
    this.timeout(300_000);
    const small = await take(writeRows('small.jsonl', 5));
    const large = await take(writeRows('large.jsonl', 40));
    assert.ok(large.tokens > 6 * small.tokens && large.sequences > 6 * small.sequences);
    const more = large.peak - small.peak;
    // The larger file has 35 MiB more of text, which are 24 MiB of tokens; 6 MiB more are measured.
    assert.ok(more < 20 * MEGABYTE, `${(more / MEGABYTE).toFixed(1)} MiB more`);
  });
});
