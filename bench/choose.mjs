/** Rows a second whose label is chosen by likelihood, beside transformers asked as lm-evaluation-harness asks it. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { python } from '../scripts/python.mjs';

const CHILD = fileURLToPath(new URL('choose-child.mjs', import.meta.url));
const GIVEN = { rows: 4, prompt: 128, labels: 20, length: 4, threads: 2 };

/** @param {string} name @param {import('./workloads.mjs').Workload} workload */
export async function choosing(name, workload, _method, progress) {
  progress(name);
  const model = workload.model();
  const options = Object.entries({ model, ...GIVEN }).flatMap(([key, value]) => [`--${key}`, String(value)]);
  const theirs = JSON.parse(python(['bench_choose.py', ...options]));
  const args = [CHILD, model, ...Object.values(GIVEN).map(String)];
  const ours = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  const apart = Math.max(...ours.sums.map((sum, i) => Math.abs(sum - theirs.sums[i])));
  if (!(apart < 1e-2)) throw new Error(`The log-likelihoods differ by ${apart}.`);
  return [
    {
      name: `${name}, ${GIVEN.labels} labels`,
      unit: 'ms a row',
      ours: (1000 * ours.seconds) / ours.rows,
      peer: (1000 * theirs.seconds) / theirs.rows,
      peerName: 'transformers, each label by itself',
      // Half as fast again.
      target: 1 / 1.5,
    },
  ];
}
