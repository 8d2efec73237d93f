/** One shape of model with batches full of real tokens and dropout as the model has it: a step, side by side. */
import { documents } from './config.mjs';
import { benchFolder } from './inputs.mjs';
import { median } from './numbers.mjs';
import { trainOurs } from './ours.mjs';
import { torchLoop, trainer } from './peers.mjs';
import { productsPerStep } from './profile.mjs';
import { Turns } from './turns.mjs';

const STEPS = Number(process.env.TUNEBOOK_BENCH_STEPS ?? 40);
/** Of three rounds the medians count; `TUNEBOOK_BENCH_ROUNDS=1` is for a quick look. */
const ROUNDS = Number(process.env.TUNEBOOK_BENCH_ROUNDS ?? 3);

/**
 * @param {string} name what the rows of the table are called
 * @param {import('./workloads.mjs').Workload} workload
 * @param {'full' | 'lora' | 'qlora'} method
 * @returns rows of the table
 */
export async function step(name, workload, method, progress) {
  const config = documents({ name, workload, method, steps: STEPS });
  const rounds = [];
  for (let round = 1; round <= ROUNDS; round++) {
    progress(`${name}: round ${round} of ${ROUNDS}, ours, PyTorch and Trainer in turns`);
    const turns = new Turns();
    const peer = { workload, method, steps: STEPS, turns };
    rounds.push(
      await Promise.all([trainOurs(benchFolder(), config, name, { turns }), torchLoop(peer), trainer(peer)]),
    );
  }
  const [ours, loop, theirs] = [0, 1, 2].map((side) => rounds.map((round) => round[side]));
  progress(`${name}: profile`);
  const products = await productsPerStep(benchFolder(), config, name);
  const of = (runs, key) => median(runs.map((run) => run[key]));
  const row = (what, unit, peerName, a, b, target) => ({
    name: `${name}.${what}`,
    unit,
    ours: a,
    peer: b,
    peerName,
    target,
  });
  return [
    row('time', 'ms', 'PyTorch loop', of(ours, 'ms'), of(loop, 'ms'), 1 / 0.95),
    row('time-trainer', 'ms', 'Trainer', of(ours, 'ms'), of(theirs, 'ms'), 1),
    row('time-products', 'ms', 'our own matrix products', of(ours, 'ms'), products, 1.3),
    row(
      'products',
      '% of a step',
      'PyTorch loop',
      (100 * products) / of(ours, 'ms'),
      100 * of(loop, 'matrix_products'),
    ),
    row('memory', 'MB', 'Trainer', of(ours, 'peak_mb'), of(theirs, 'peak_mb'), method === 'full' ? 0.8 : 0.6),
    row('memory-loop', 'MB', 'PyTorch loop', of(ours, 'peak_mb'), of(loop, 'peak_mb')),
    row('first-step', 's', 'Trainer', of(ours, 'first_step_s'), of(theirs, 'first_step_s'), 1 / 3),
    row('first-step-loop', 's', 'PyTorch loop', of(ours, 'first_step_s'), of(loop, 'first_step_s')),
  ];
}
