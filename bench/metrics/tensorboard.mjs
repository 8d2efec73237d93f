import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { lossAt } from './make-runs.mjs';

const PORT = 16_606;
const BATCH = 20_000;

/**
 * The same runs as TensorBoard's own files.
 *
 * @param {string} folder
 * @param {number} runs
 * @param {number} steps
 */
export async function writeEvents(folder, runs, steps) {
  const { fileVersion, scalars } = await import('../../src/trainer/report/tfevents.ts');
  for (let run = 0; run < runs; run++) {
    const dir = join(folder, `run-${run + 1}`);
    mkdirSync(dir, { recursive: true });
    const path = join(dir, 'events.out.tfevents.1767225600.bench.1.0');
    appendFileSync(path, fileVersion(1_767_225_600));
    for (let from = 0; from < steps; from += BATCH) {
      const records = [];
      for (let step = from + 1; step <= Math.min(steps, from + BATCH); step++)
        records.push(scalars(step, 1_767_225_600 + step / 100, { 'train/loss': lossAt(run, step) }));
      appendFileSync(path, Buffer.concat(records));
    }
  }
}

/**
 * Starts TensorBoard on a folder, and asks for the curves as its page does until the last step of every run is there.
 *
 * @param {string} program
 * @param {string} folder
 * @param {number} runs
 * @param {number} steps
 * @returns {Promise<{ seconds: number, answer: number, memory: number }>} until all is served; one asking for all curves, in ms;
 *   memory of its processes, in bytes
 */
export async function measureTensorBoard(program, folder, runs, steps) {
  const started = performance.now();
  const child = spawn(program, ['--logdir', folder, '--port', String(PORT), '--host', '127.0.0.1'], {
    stdio: 'ignore',
  });
  try {
    for (;;) {
      const asked = performance.now();
      const last = await lastSteps(runs).catch(() => []);
      const answer = performance.now() - asked;
      if (last.length === runs && last.every((step) => step === steps))
        return { seconds: (performance.now() - started) / 1000, answer, memory: memoryOf(child.pid) };
      if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}.`);
      await setTimeout(200);
    }
  } finally {
    child.kill();
  }
}

async function lastSteps(runs) {
  const series = Array.from({ length: runs }, async (_, run) => {
    const url = `http://127.0.0.1:${PORT}/data/plugin/scalars/scalars?tag=${encodeURIComponent('train/loss')}&run=run-${run + 1}`;
    const response = await fetch(url);
    if (!response.ok) throw new Error(String(response.status));
    return (await response.json()).at(-1)?.[1];
  });
  return Promise.all(series);
}

/** Of a process and its children, by Linux's `/proc`. */
function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const own = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return children.reduce((sum, child) => sum + memoryOf(child), own);
}
