import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder for what Tunebook may find out again at any time, one a user: `TUNEBOOK_CACHE_DIR`, else where the system
 * keeps caches. It need not exist.
 */
export function userCacheFolder(): string {
  const { TUNEBOOK_CACHE_DIR, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (TUNEBOOK_CACHE_DIR) return TUNEBOOK_CACHE_DIR;
  if (process.platform === 'win32') return join(LOCALAPPDATA ?? homedir(), 'tunebook', 'cache');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'tunebook');
  return join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tunebook');
}
