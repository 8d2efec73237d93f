import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { RunManifest } from '../../protocol/run.ts';

const run = promisify(execFile);

/** A repository in which this takes longer (ms) is left alone. */
const PATIENCE = 3000;

/** The commit that is checked out in a folder, and whether tracked files differ from it; undefined outside of a repository. */
export async function gitCommit(folder: string): Promise<RunManifest['git']> {
  const git = async (...args: string[]) => {
    // A repository may name programs that git would start by itself; a look at it must not.
    const safe = ['-c', 'core.fsmonitor=false', '-C', folder];
    const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0' };
    return (await run('git', [...safe, ...args], { timeout: PATIENCE, env })).stdout.trim();
  };
  try {
    const [commit, changes] = await Promise.all([
      git('rev-parse', '--verify', 'HEAD'),
      git('status', '--porcelain', '--untracked-files=no'),
    ]);
    return { commit, dirty: changes !== '' };
  } catch {
    // No repository, no commit yet, no git: a run needs none of them.
    return undefined;
  }
}
