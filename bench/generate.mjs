/** Tokens a second of greedy generation beside transformers: one prompt, and eight at once. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { python } from '../scripts/python.mjs';

const CHILD = fileURLToPath(new URL('generate-child.mjs', import.meta.url));
const [PROMPT, NEW, THREADS] = [64, 64, 2];

/** @param {string} name @param {import('./workloads.mjs').Workload} workload */
export async function generation(name, workload, _method, progress) {
  const rows = [];
  for (const batch of [1, 8]) {
    progress(`${name}: ${batch} at once`);
    const model = workload.model();
    const given = { model, batch, prompt: PROMPT, new: NEW, threads: THREADS };
    const options = Object.entries(given).flatMap(([key, value]) => [`--${key}`, String(value)]);
    const theirs = JSON.parse(python(['bench_generate.py', ...options]));
    const args = [CHILD, model, String(batch), String(PROMPT), String(NEW), String(THREADS)];
    const ours = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
    rows.push({
      name: `${name}, ${batch} at once`,
      unit: 'ms a token',
      ours: (1000 * ours.seconds) / ours.tokens,
      peer: (1000 * theirs.seconds) / theirs.tokens,
      peerName: 'transformers generate',
      // Half as fast again.
      target: 1 / 1.5,
    });
  }
  return rows;
}
