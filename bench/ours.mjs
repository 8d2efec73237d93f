/** Runs the built command line on a config and measures it from outside, as whoever types the command has it. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { writeConfig } from '../scripts/write-config.mjs';
import { summarise } from './summarise.mjs';
import { wallClock } from './turns.mjs';

const command = fileURLToPath(new URL('../dist/tunebook.js', import.meta.url));

/**
 * Trains once.
 * @param {string} folder where the config is written and the run directory comes to lie
 * @param {object[]} documents the config's documents
 * @param {string} name the run
 * @param {{ env?: Record<string, string>, turns?: import('./turns.mjs').Turns }} [options]
 * @returns what `summarise` makes of its times, with `peak_mb`, `losses`, `grad_norms` and `dir`
 */
export async function trainOurs(folder, documents, name, { env = {}, turns } = {}) {
  const config = writeConfig(join(folder, `${name}.tune.yaml`), documents);

  const started = Date.now();
  const child = spawn(process.execPath, [command, 'run', config, name, '--workspace', folder, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const clock = turns?.join(child) ?? wallClock;
  const ended = new Promise((resolve) => child.on('close', resolve));
  let peak = 0;
  const watch = setInterval(() => (peak = Math.max(peak, peakMemory(child.pid))), 20);
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const status = await ended;
  clearInterval(watch);
  if (status !== 0)
    throw new Error(`tunebook run ${name} ended with ${status}:\n${errors}\n${output.slice(-2000)}`);

  const events = output
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const steps = events.filter((event) => event.type === 'metrics' && event.split === 'train');
  const state = events.find((event) => event.type === 'state' && event.state === 'running');
  const stepEnds = steps.map((event) => Date.parse(event.time));
  return {
    ...summarise({ started, began: Date.parse(state.time), stepEnds, ended: Date.now() }, clock),
    peak_mb: peak,
    losses: steps.map((event) => event.values.loss),
    grad_norms: steps.map((event) => event.values.grad_norm),
    dir: events.at(-1).dir,
  };
}

/** The most resident memory that a living process ever had, in MB (2**20 bytes); 0 where it cannot be read. */
function peakMemory(pid) {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return line ? Number(line[1]) / 1024 : 0;
  } catch {
    return 0;
  }
}
