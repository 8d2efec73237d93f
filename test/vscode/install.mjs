/**
 * Installs the VS Code that the tests drive (code-server, from the npm registry). Its own install script compiles
 * native parts that need a compiler, Kerberos headers and a minute; none of them is needed to run the workbench, so
 * the three packages are installed here without any scripts. Does nothing when this lockfile is already installed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const marker = `${here}node_modules/.installed`;
const wanted = createHash('sha256')
  .update(readFileSync(`${here}package-lock.json`))
  .digest('hex');

if (!existsSync(marker) || readFileSync(marker, 'utf8') !== wanted) {
  const vscode = `${here}node_modules/code-server/lib/vscode`;
  npm('ci', here);
  npm('install', vscode);
  npm('install', `${vscode}/extensions`);
  writeFileSync(marker, wanted);
}

function npm(verb, cwd) {
  const cli = process.env.npm_execpath;
  const [command, first] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const omit = verb === 'install' ? ['--omit=dev', '--no-save'] : [];
  const { status, error } = spawnSync(command, [...first, verb, ...omit, ...flags], {
    cwd,
    stdio: 'inherit',
  });
  if (status === 0) return;
  console.error(`Could not install the packages of ${cwd}${error ? `: ${error.message}` : ''}.`);
  process.exit(1);
}
