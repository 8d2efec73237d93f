import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from './chromium.mjs';
import { fail, root, run } from './run.mjs';

/** Debian's packages for the tests, each with what it is for. */
const PACKAGES = {
  chromium: 'the browser that shows VS Code, and the software graphics device',
  'fonts-dejavu-core': 'a font for it',
  libvulkan1: 'how onnxruntime finds the graphics device',
  git: 'a run records the commit it was started from',
};
/** Where the data of the Banking77 test lies, its model is fetched by Python's package manager. */
const BANKING77 = `${root}../shared/data/banking77`;
if (existsSync(BANKING77)) PACKAGES['python3-pip'] = 'fetches the model of the Banking77 test';

/**
 * Installs what the tests need of Debian. Without root, and on other systems, it ends with the names of what is
 * missing and the command that installs it.
 */
export function installSystemPackages() {
  if (!isDebian()) return checkBrowser();
  const missing = missingPackages();
  if (missing.length === 0) return;
  const install = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid() !== 0)
    fail(
      [
        'The tests need packages of Debian that are not installed:',
        ...missing.map((name) => `  ${name.padEnd(18)} ${PACKAGES[name]}`),
        'Install them, then start the tests again:',
        `  sudo apt-get update && sudo ${install}`,
      ].join('\n'),
    );
  console.log(`Installing from Debian: ${missing.join(', ')}`);
  const quiet = ['-qq', '-o', 'Dpkg::Use-Pty=0'];
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', ...quiet], 'apt-get could not update its package lists.', env);
  const args = ['install', '-y', '--no-install-recommends', ...quiet, ...missing];
  run('apt-get', args, `This failed: ${install}`, env);
}

/** Debian itself or a system made of its packages. Not Ubuntu, whose `chromium` package is a shell around a snap. */
function isDebian() {
  if (process.platform !== 'linux') return false;
  const { stdout } = spawnSync('sh', ['-c', '. /etc/os-release && echo "$ID $ID_LIKE"'], {
    encoding: 'utf8',
  });
  return /\bdebian\b/.test(stdout ?? '') && !/\bubuntu\b/.test(stdout);
}

function missingPackages() {
  const names = Object.keys(PACKAGES);
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f=${Package} ${db:Status-Status}\n', ...names], {
    encoding: 'utf8',
  });
  const installed = new Set((stdout ?? '').split('\n'));
  return names.filter((name) => !installed.has(`${name} installed`));
}

function checkBrowser() {
  if (findChromium()) return;
  fail(
    [
      'The tests need Chromium or Google Chrome, which was not found.',
      'Install it in the way of your system. If it is installed, say where:',
      '  TUNEBOOK_CHROMIUM=/path/to/chromium npm test',
    ].join('\n'),
  );
}
