import type { FolderEntry } from './host.ts';
import { dirname, resolvePath } from './path.ts';

/** Folders that a pattern walks through at most: more is a mistake, such as a pattern at the root of a disk. */
const MAX_FOLDERS = 10_000;

/** Whether a path holds `*` or `?`, and so stands for the files that fit it. */
export function isPattern(path: string): boolean {
  return /[*?]/.test(path);
}

/**
 * The files that fit a pattern, sorted by their paths: `*` and `?` stand for characters of one name, `**` for any folders.
 * Hidden files and folders fit only where the pattern writes the dot.
 * @param pattern absolute
 * @param list what a folder holds; nothing where it cannot be read
 */
export async function expandPattern(
  pattern: string,
  list: (folder: string) => Promise<readonly FolderEntry[]>,
): Promise<string[]> {
  let fixed = pattern;
  while (isPattern(fixed)) fixed = dirname(fixed);
  const parts = pattern
    .slice(fixed.length)
    .split(/[\\/]/)
    .filter((part) => part !== '');
  const found = new Set<string>();
  let folders = 0;
  const walk = async (folder: string, [part, ...rest]: readonly string[]): Promise<void> => {
    if (part === undefined || ++folders > MAX_FOLDERS) return;
    const entries = await list(folder);
    if (part === '**') await walk(folder, rest);
    const fits = matcher(part === '**' ? '*' : part);
    for (const { name, kind } of entries) {
      if (!fits(name)) continue;
      const path = resolvePath(folder, name);
      if (kind === 'file') {
        if (part !== '**' && rest.length === 0) found.add(path);
      } else if (part === '**') await walk(path, [part, ...rest]);
      else await walk(path, rest);
    }
  };
  await walk(fixed, parts);
  return [...found].sort();
}

/** Whether names fit one part of a pattern. */
export function matcher(part: string): (name: string) => boolean {
  const source = part
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, 's');
  return (name) => (!name.startsWith('.') || part.startsWith('.')) && expression.test(name);
}
