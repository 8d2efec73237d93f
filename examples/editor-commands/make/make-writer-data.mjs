/**
 * Writes data/written-train.jsonl and data/written-validation.jsonl: the rows of the CSV files as prompts with completions, for the model that
 * writes. The prompt is the one that the evaluation asks.
 *
 *   node make/make-writer-data.mjs [--out FOLDER]
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const at = process.argv.indexOf('--out');
const data = join(import.meta.dirname, '../data');
const out = at === -1 ? data : process.argv[at + 1];
mkdirSync(out, { recursive: true });
for (const split of ['train', 'validation']) {
  const lines = readFileSync(join(data, `${split}.csv`), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  const rows = lines.map((line) => {
    const comma = line.lastIndexOf(',');
    const text = line
      .slice(0, comma)
      .replace(/^"(.*)"$/, '$1')
      .replaceAll('""', '"');
    return { prompt: `${text} ->`, completion: ` ${line.slice(comma + 1)}` };
  });
  const written = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  writeFileSync(join(out, `written-${split}.jsonl`), written);
}
