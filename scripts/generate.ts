/** Writes the files that are made from the code: `npm run generate`. A unit test fails while one of them is stale. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GENERATED_FILES } from '../src/language/documentation/generated-files.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

for (const [name, make] of Object.entries(GENERATED_FILES)) {
  const path = `${root}${name}`;
  const text = make();
  mkdirSync(dirname(path), { recursive: true });
  const isStale = read(path) !== text;
  if (isStale) writeFileSync(path, text);
  process.stdout.write(`${name}: ${isStale ? 'written' : 'up to date'}\n`);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
