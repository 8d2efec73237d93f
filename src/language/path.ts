/**
 * Paths without Node, so that the language stays pure. Absolute paths are POSIX (`/a/b`) or Windows
 * (`C:\a`, `\\server\share`); results use the separator of the path they start from.
 */

export function isAbsolutePath(path: string): boolean {
  return path.startsWith('/') || path.startsWith('\\\\') || /^[A-Za-z]:[\\/]/.test(path);
}

/** The folder that holds `path`; the root holds itself. */
export function dirname(path: string): string {
  const { root, parts, separator } = split(path);
  return join(root, parts.slice(0, -1), separator);
}

/** The last part of a path. */
export function basename(path: string): string {
  return split(path).parts.at(-1) ?? '';
}

/** `path` seen from the absolute folder `folder`, without `.` and `..`. */
export function resolvePath(folder: string, path: string): string {
  if (isAbsolutePath(path)) return normalizePath(path);
  const base = split(folder);
  const separators = base.separator === '\\' ? /[\\/]/ : '/';
  return join(base.root, collapse([...base.parts, ...path.split(separators)]), base.separator);
}

/** Without `.`, `..` and doubled separators. */
export function normalizePath(path: string): string {
  const { root, parts, separator } = split(path);
  return join(root, collapse(parts), separator);
}

/** How to write `path` in a config that lies in `folder`: relative with `/` where both share a root, else as it is. */
export function relativePath(folder: string, path: string): string {
  const from = split(normalizePath(folder));
  const to = split(normalizePath(path));
  if (from.root.toLowerCase() !== to.root.toLowerCase()) return path;
  let shared = 0;
  while (shared < from.parts.length && from.parts[shared] === to.parts[shared]) shared++;
  const parts = [...from.parts.slice(shared).map(() => '..'), ...to.parts.slice(shared)];
  return parts.join('/') || '.';
}

function split(path: string): { root: string; parts: string[]; separator: '/' | '\\' } {
  const drive = /^[A-Za-z]:[\\/]/.exec(path)?.[0];
  if (drive)
    return {
      root: `${drive.slice(0, 2)}\\`,
      parts: path.slice(3).split(/[\\/]/).filter(Boolean),
      separator: '\\',
    };
  if (path.startsWith('\\\\'))
    return {
      root: '\\\\',
      parts: path.slice(2).split(/[\\/]/).filter(Boolean),
      separator: '\\',
    };
  return { root: path.startsWith('/') ? '/' : '', parts: path.split('/').filter(Boolean), separator: '/' };
}

function collapse(parts: string[]): string[] {
  const out: string[] = [];
  for (const part of parts) {
    if (part === '..') out.pop();
    else if (part !== '.' && part !== '') out.push(part);
  }
  return out;
}

function join(root: string, parts: string[], separator: string): string {
  return root + parts.join(separator);
}
