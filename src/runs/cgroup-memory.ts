import { readFileSync } from 'node:fs';
import { join } from 'node:path/posix';

/** Bytes that a group of processes may take, and those that it has. */
export interface GroupMemory {
  readonly limit: number;
  /** Without cached files that were read once, which the system gives back at once. */
  readonly used: number;
}

/** What the files of a version of Linux's control groups are called. */
interface Version {
  /** The line of `/proc/self/cgroup` with the group of this process. */
  readonly line: RegExp;
  readonly folder: string;
  readonly limit: string;
  readonly used: string;
  readonly cached: RegExp;
}

const VERSIONS: readonly Version[] = [
  {
    line: /^0::(\/.*)$/m,
    folder: '/sys/fs/cgroup',
    limit: 'memory.max',
    used: 'memory.current',
    cached: /^inactive_file (\d+)$/m,
  },
  {
    line: /^\d+:(?:[^:\n]*,)?memory(?:,[^:\n]*)?:(\/.*)$/m,
    folder: '/sys/fs/cgroup/memory',
    limit: 'memory.limit_in_bytes',
    used: 'memory.usage_in_bytes',
    cached: /^total_inactive_file (\d+)$/m,
  },
];

/**
 * The control group of this process, or one above it, that has least left; undefined where none is limited. In a container the folder
 * of its own group is the uppermost, whatever the system outside calls it.
 * @param root where `/proc` and `/sys` are, for tests
 */
export function groupMemory(root = '/'): GroupMemory | undefined {
  const known = read(join(root, '/proc/self/cgroup')) ?? '';
  const groups = VERSIONS.flatMap((version) => {
    const path = version.line.exec(known)?.[1];
    return path === undefined ? [] : foldersUp(path).flatMap((each) => groupOf(root, each, version) ?? []);
  });
  return groups.sort((a, b) => a.limit - a.used - (b.limit - b.used))[0];
}

/** `/a/b`, `/a`, `/`. */
function foldersUp(path: string): string[] {
  const parts = path.split('/').filter(Boolean);
  return Array.from(
    { length: parts.length + 1 },
    (_, cut) => `/${parts.slice(0, parts.length - cut).join('/')}`,
  );
}

function groupOf(root: string, path: string, { folder, ...files }: Version): GroupMemory | undefined {
  const at = (name: string) => join(root, folder, path, name);
  // It is `max` where nothing is limited.
  const limit = Number(read(at(files.limit)) ?? NaN);
  const all = Number(read(at(files.used)) ?? NaN);
  if (!Number.isFinite(limit) || !Number.isFinite(all)) return undefined;
  const cached = Number(files.cached.exec(read(join(root, folder, path, 'memory.stat')) ?? '')?.[1] ?? 0);
  return { limit, used: Math.max(0, all - cached) };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1').trim();
  } catch {
    return undefined;
  }
}
