import { chmodSync, copyFileSync, statSync } from 'node:fs';

/**
 * Copies a file so that its owner may change the copy. `copyFileSync` gives it the permissions of its source, and models are often
 * kept read-only.
 * @throws the system's errors
 */
export function copyFile(from: string, to: string): void {
  copyFileSync(from, to);
  const { mode } = statSync(to);
  if ((mode & 0o200) === 0) chmodSync(to, mode | 0o200);
}
