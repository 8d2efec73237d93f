import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './setup/run.mjs';

const EXAMPLE = `${root}examples/editor-commands`;
const COPY = `${root}artifacts/editor-commands`;
/** The sha256 of every file as it was copied, to tell a person's changes from an older example. */
const STAMP = `${COPY}.json`;

/**
 * The example workspace as a copy that a person may change: what they changed in it stays, everything else is as in
 * examples/. `npm run demo` and `npm run code` share it, so the runs of one are seen in the other.
 * @returns {string} its folder
 */
export function copyExample() {
  const copied = existsSync(STAMP) ? JSON.parse(readFileSync(STAMP, 'utf8')) : {};
  const kept = [];
  for (const file of filesOf(EXAMPLE)) {
    const [from, to] = [join(EXAMPLE, file), join(COPY, file)];
    if (existsSync(to) && hash(to) !== copied[file] && hash(to) !== hash(from)) {
      kept.push(file);
      continue;
    }
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from, to);
    copied[file] = hash(from);
  }
  writeFileSync(STAMP, JSON.stringify(copied, undefined, 2));
  if (kept.length > 0)
    console.log(`Your changes are kept: ${kept.join(', ')} (delete ${COPY} to begin anew)\n`);
  return COPY;
}

function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((file) => !file.startsWith('.tunebook'));
}

function hash(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
