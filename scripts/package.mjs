/**
 * Makes the extension's package (VSIX) with the trainer's native library for one platform; vsce lists what is in it.
 *
 *   npm run package                          for this platform: tunebook-linux-x64-0.1.0.vsix in the root
 *   npm run package -- --target win32-x64    for another one
 *   npm run package -- --out FILE            to another place
 *   npm run package -- --no-build            of what dist/ holds
 *
 * Fails when the package lacks something, holds anything that .vscodeignore does not mean, or has more than 40 MB.
 * For a platform that onnxruntime does not serve, the package is a language-only one: it edits and checks configs.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';
import { checkContents } from './package/contents.mjs';
import { nativeFiles, targetOfThisMachine } from './package/target.mjs';
import { listZip } from './package/zip.mjs';
import { fail, root } from './setup/run.mjs';

const LIMIT = 40e6;

const { values } = parseArgs({
  options: {
    target: { type: 'string', default: targetOfThisMachine() },
    out: { type: 'string' },
    build: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const out = resolve(values.out ?? `${root}tunebook-${values.target}-${version}.vsix`);
const native = nativeFiles(values.target);

if (values.build) build();
await pack();
const entries = await listZip(out);
const { size } = statSync(out);
const faults = checkContents(entries, native);
if (size > LIMIT) faults.push(`It has ${megabytes(size)}, more than ${megabytes(LIMIT)}.`);
if (faults.length > 0) {
  rmSync(out);
  fail(
    `The package is not as it should be, and was removed:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
  );
}
console.log(`${out}  ${megabytes(size)}, ${entries.length} files`);
if (native.length === 0) console.log(`Language only: onnxruntime has no build for ${values.target}.`);

function build() {
  const { status } = spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) fail('The build failed, so nothing was packed.');
}

/** The files of another platform are kept out by a .vscodeignore that names this one's in addition. */
async function pack() {
  const folder = mkdtempSync(join(tmpdir(), 'tunebook-package-'));
  const ignoreFile = join(folder, 'vscodeignore');
  const ours = native.map((file) => `!${file}`);
  writeFileSync(ignoreFile, [readFileSync(`${root}.vscodeignore`, 'utf8'), ...ours].join('\n'));
  mkdirSync(dirname(out), { recursive: true });
  try {
    await createVSIX({
      cwd: root,
      packagePath: out,
      target: values.target,
      ignoreFile,
      useYarn: false,
      allowMissingRepository: true,
      rewriteRelativeLinks: false,
      // The scanner takes its time over the bundles; what may go in at all is named in .vscodeignore.
      allowPackageAllSecrets: true,
    });
  } catch (error) {
    fail(`The package could not be made: ${error.message.split('\n').slice(0, 5).join('\n')}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
