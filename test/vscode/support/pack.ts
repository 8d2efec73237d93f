import { spawnSync } from 'node:child_process';
import { ROOT } from './places.ts';

/**
 * Packs what dist/ holds as `npm run package` does, checks of its contents included, and gives the package's path.
 * @throws Error with what the script printed when it fails.
 */
export function packExtension(out: string): string {
  const args = ['scripts/package.mjs', '--no-build', '--out', out];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The extension could not be packed:\n${stdout}\n${stderr}`);
  return out;
}
