import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Builds the server, so that the suite tests what is in the source; the trainer that it asks only where it is missing. */
export function mochaGlobalSetup(): void {
  const bundles = existsSync(`${ROOT}dist/tunebook.js`) ? 'server' : 'server,tunebook';
  const built = spawnSync(process.execPath, ['esbuild.mjs', '--only', bundles], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`The build failed:\n${built.stdout}${built.stderr}`);
}
