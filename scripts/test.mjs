/**
 * Builds once, then runs lint and every test suite, and ends with one plain line: how many passed, failed, were skipped.
 *
 *   npm test                     everything
 *   npm test -- server vscode    these suites alone; names: see SUITES
 */
import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { LINTERS, SUITES } from './test/suites.mjs';
import { runLinters } from './test/lint.mjs';
import { runSuite } from './test/suite.mjs';
import { closingLine, failures, seconds, table, unsteady } from './test/summary.mjs';
import { root } from './setup/run.mjs';

const asked = process.argv.slice(2);
const names = ['lint', ...SUITES.map(({ name }) => name)];
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`No suite is called ${unknown.join(', ')}. There are: ${names.join(', ')}`);
  process.exit(2);
}
const wanted = (name) => asked.length === 0 || asked.includes(name);
const suites = SUITES.filter(({ name }) => wanted(name));

const started = performance.now();
await build(suites.some(({ needsBuild }) => needsBuild));
const results = [];
if (wanted('lint')) results.push(await timed('lint', () => runLinters(LINTERS, cpus().length)));
for (const suite of suites) results.push(await timed(suite.name, () => runSuite(suite)));

console.log(`\n${unsteady(results)}${failures(results)}\n${table(results)}`);
console.log(`${seconds((performance.now() - started) / 1000)} in all\n`);
console.log(closingLine(results));
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;

/** Gives a suite's counts with its name and its time in seconds. */
async function timed(name, work) {
  console.log(`\n── ${name} ${'─'.repeat(Math.max(0, 76 - name.length))}`);
  const start = performance.now();
  const result = await work();
  return { name, ...result, seconds: (performance.now() - start) / 1000 };
}

async function build(bundles) {
  const args = ['esbuild.mjs', ...(bundles ? [] : ['--kernels'])];
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code === 0) return;
  console.error('\nThe build failed, so no test was run.');
  console.log('0 passed, 1 failed');
  process.exit(1);
}
