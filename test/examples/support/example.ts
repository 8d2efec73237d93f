import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

/** The example workspace, absolute. */
export const EXAMPLE = join(import.meta.dirname, '../../../examples/editor-commands');

export const SPLITS = ['train', 'validation', 'test'] as const;
export type Split = (typeof SPLITS)[number];

/** A row of the example's data. */
export interface IntentRow {
  readonly text: string;
  readonly intent: string;
}

/** The rows of a split as another CSV reader than ours sees them. */
export function readSplit(split: Split): IntentRow[] {
  const bytes = readFileSync(join(EXAMPLE, 'data', `${split}.csv`));
  return parse<IntentRow>(bytes, { columns: true });
}

/** A text without capitals, punctuation and runs of spaces. Written apart from the example's own, which it checks. */
export function plain(text: string): string {
  return [...text.toLowerCase().matchAll(/[\p{L}\p{N}]+/gu)].map(([word]) => word).join(' ');
}

/** Runs a script of the example's make/ with `--out` to a folder that is gone after `look` has looked at it. */
export function runScript(script: string, look: (folder: string) => void, ...args: string[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'tunebook-example-'));
  try {
    execFileSync(process.execPath, [join(EXAMPLE, 'make', script), '--out', folder, ...args], {
      stdio: 'pipe',
    });
    look(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
