import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../setup/run.mjs';

/** Signals that end this process end the suite with it. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs Mocha with the settings of a `.mocharc.json` as a process group of its own, so that nothing it started outlives it.
 * Gives the counts of each test file (reporter.mjs), or undefined, having said why, when no test was run or Mocha was ended
 * before it was done.
 * @param {{ name: string, settings: Record<string, unknown> & { reporter: string }, limit: number }} run `limit` in minutes.
 */
export async function runMocha({ name, settings, limit }) {
  const folder = mkdtempSync(join(tmpdir(), 'tunebook-counts-'));
  const counts = join(folder, 'counts.json');
  const config = join(folder, 'mocharc.json');
  const reporterOption = [`counts=${counts}`, `shown=${settings.reporter}`];
  const reporter = 'scripts/test/reporter.mjs';
  writeFileSync(config, JSON.stringify({ ...settings, reporter, 'reporter-option': reporterOption }));
  const child = spawn(process.execPath, ['node_modules/mocha/bin/mocha.js', '--config', config], {
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
  const files = readCounts(counts);
  rmSync(folder, { recursive: true, force: true });
  const all = Object.values(files ?? {});
  if (files && !all.some(({ passed, failed }) => passed + failed > 0)) {
    console.log(`The suite ${name} ran no test.`);
    return undefined;
  }
  // Mocha's exit code says how many failed: another one without a failure means that something else broke.
  if (files && (code === 0 || (code && all.some(({ failed }) => failed > 0)))) return { files };
  const why = code === null ? `limit: ${limit} minutes` : `exit code ${code}`;
  console.log(`The suite ${name} was ended before it was done (${why}).`);
  return undefined;
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
