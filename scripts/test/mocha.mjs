import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../setup/run.mjs';

/** Signals that end this process end the suite with it. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs one Mocha suite as a process group of its own, so that nothing it started outlives it. A suite that runs no test, ends
 * without its counts or passes its time limit has failed.
 * @param {{ name: string, config: string, limit: number }} suite
 */
export async function runMocha({ name, config, limit }) {
  const folder = mkdtempSync(join(tmpdir(), 'tunebook-counts-'));
  const file = join(folder, 'counts.json');
  const args = ['node_modules/mocha/bin/mocha.js', '--config', config];
  const { reporter: shown } = JSON.parse(readFileSync(`${root}${config}`, 'utf8'));
  const options = ['--reporter-option', `counts=${file}`, '--reporter-option', `shown=${shown}`];
  const child = spawn(process.execPath, [...args, '--reporter', 'scripts/test/reporter.mjs', ...options], {
    cwd: root,
    stdio: 'inherit',
    detached: process.platform !== 'win32',
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let interrupted;
  const interrupt = (signal) => {
    interrupted = signal;
    void endGroup(child, ended);
  };
  for (const signal of SIGNALS) process.once(signal, interrupt);
  const timer = setTimeout(() => void endGroup(child, ended), limit * 60_000);
  const code = await ended;
  clearTimeout(timer);
  for (const signal of SIGNALS) process.off(signal, interrupt);
  signalGroup(child, 'SIGKILL');
  if (interrupted) process.exit(interrupted === 'SIGINT' ? 130 : 143);
  const counts = readCounts(file);
  rmSync(folder, { recursive: true, force: true });
  if (counts && counts.passed + counts.failed > 0)
    return { ...counts, ok: code === 0 && counts.failed === 0 };
  console.log(
    counts
      ? `The suite ${name} ran no test.`
      : `The suite ${name} was ended before it was done (${code === null ? `limit: ${limit} minutes` : `exit code ${code}`}).`,
  );
  return { passed: 0, failed: 1, skipped: counts?.skipped ?? 0, ok: false };
}

/** Lets a suite clean up after itself for some seconds. */
async function endGroup(child, ended) {
  signalGroup(child, 'SIGTERM');
  const patience = setTimeout(() => signalGroup(child, 'SIGKILL'), 8000);
  await ended;
  clearTimeout(patience);
}

function signalGroup(child, signal) {
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}

function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
