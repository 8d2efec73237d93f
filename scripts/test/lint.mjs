import { spawn } from 'node:child_process';
import { root } from '../setup/run.mjs';
import { seconds } from './summary.mjs';

/**
 * Runs the linters, `jobs` at a time. What one prints is shown when it ends, so that they do not mix.
 * @param {readonly { name: string, command: string[] }[]} linters
 * @param {number} jobs
 */
export async function runLinters(linters, jobs) {
  const queue = [...linters];
  const counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
  const work = async () => {
    for (let linter = queue.shift(); linter; linter = queue.shift()) {
      const start = performance.now();
      const { code, output } = await runOne(linter.command);
      const time = seconds((performance.now() - start) / 1000);
      console.log(`  ${code === 0 ? '✔' : '✘'} ${linter.name} (${time})`);
      if (code === 0) {
        counts.passed++;
        continue;
      }
      counts.failed++;
      counts.failures.push({ title: linter.name });
      console.log(output.trimEnd());
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return { ...counts, ok: counts.failed === 0 };
}

function runOne([program, ...args]) {
  const windows = process.platform === 'win32';
  const path = `${root}node_modules/.bin/${program}${windows ? '.cmd' : ''}`;
  return new Promise((resolve) => {
    const child = spawn(path, args, { cwd: root, shell: windows });
    let output = '';
    const take = (chunk) => (output += chunk);
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.once('error', (error) => resolve({ code: 1, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}
