import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { EXPORT_FILE } from '../../protocol/export.ts';
import { TunebookError } from '../../protocol/error.ts';
import { explainWriteError } from '../../runs/errors.ts';
import { list } from '../data/problem.ts';
import { isObject } from '../data/tokenizer/json.ts';

/**
 * Sees to it that nothing is lost when a folder is written: it is not there, is empty, or holds what an export wrote and nothing else.
 * @param source what is exported, which must not lie in it
 * @throws TunebookError `export/not-empty`, `export/not-a-folder`, `export/onto-itself`
 */
export function checkTarget(folder: string, source: string, file: string): void {
  const location = { file };
  const path = relative(folder, source);
  if (!path.startsWith('..') && path !== source)
    throw new TunebookError('export/onto-itself', `${folder} holds the model that is exported.`, {
      hint: 'Write it into another `folder:`.',
      location,
    });
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory())
    throw new TunebookError('export/not-a-folder', `${folder} is a file, and an export is a folder.`, {
      hint: 'Give `folder:` another name.',
      location,
    });
  const written = new Set(writtenFiles(folder));
  const others = readdirSync(folder).filter((name) => !written.has(name));
  if (others.length === 0) return;
  throw new TunebookError(
    'export/not-empty',
    `${folder} holds what no export has written: ${list(others, 4)}. Nothing in it was touched.`,
    { hint: 'Write into another `folder:`, or move those files away.', location },
  );
}

/** What to do where a folder cannot be written, by the code of what keeps it from being written. */
const WAYS_OUT: Readonly<Record<string, string>> = {
  'run/not-writable': 'Give yourself write access to the folder above it, or write into another `folder:`.',
  'run/not-a-folder': 'Move that file away, or write into another `folder:`.',
  'run/disk-full': 'Free some space, or write into a `folder:` on another disk; then export again.',
  'run/folder-gone': 'Export again, and leave the folder in place meanwhile.',
};

/** Says of an error of the disk what it means to who wrote the `folder:` of an export; others come back as they are. */
export function explainTargetError(error: unknown, folder: string, file: string): unknown {
  const explained = explainWriteError(error, folder, folder);
  const hint = explained instanceof TunebookError ? WAYS_OUT[explained.code] : undefined;
  if (!(explained instanceof TunebookError) || hint === undefined) return explained;
  const { code, message } = explained;
  return new TunebookError(code, message, { hint, location: { file }, cause: error });
}

/** The files that an earlier export says it wrote, and its own. */
function writtenFiles(folder: string): string[] {
  const file = join(folder, EXPORT_FILE);
  if (!existsSync(file)) return [];
  try {
    const said: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const files: unknown[] = isObject(said) && Array.isArray(said['files']) ? said['files'] : [];
    return [EXPORT_FILE, ...files.flatMap((each) => (isObject(each) ? [String(each['name'])] : []))];
  } catch {
    return [];
  }
}
