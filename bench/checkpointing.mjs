/** Steps of one shape with and without `gradient_checkpointing`, in turns: what it costs in time and spares in memory. */
import { documents } from './config.mjs';
import { benchFolder } from './inputs.mjs';
import { median } from './numbers.mjs';
import { trainOurs } from './ours.mjs';

const STEPS = Number(process.env.TUNEBOOK_BENCH_STEPS ?? 20);
const ROUNDS = Number(process.env.TUNEBOOK_BENCH_ROUNDS ?? 3);

/**
 * @param {string} name what the rows of the table are called
 * @param {import('./workloads.mjs').Workload} workload
 * @param {'full' | 'lora'} method
 * @returns rows of the table; the peer is the run without checkpointing
 */
export async function checkpointing(name, workload, method, progress) {
  const rows = [];
  for (const batch of [workload.batch, 4 * workload.batch]) {
    const made = { true: [], false: [] };
    for (let round = 1; round <= ROUNDS; round++) {
      for (const on of [false, true]) {
        progress(`${name}: batch ${batch}, round ${round} of ${ROUNDS}, ${on ? 'with' : 'without'}`);
        const train = { gradient_checkpointing: on };
        const config = documents({ name, workload: { ...workload, batch }, method, steps: STEPS, train });
        made[on].push(await trainOurs(benchFolder(), config, name));
      }
    }
    if (JSON.stringify(made.true[0].losses) !== JSON.stringify(made.false[0].losses))
      throw new Error(`${name}: the losses with and without checkpointing differ`);
    const of = (on, key) => median(made[on].map((run) => run[key]));
    for (const [what, unit, key] of [
      ['time', 'ms', 'ms'],
      ['memory', 'MB', 'peak_mb'],
    ])
      rows.push({
        name: `${name}.batch-${batch}.${what}`,
        unit,
        ours: of(true, key),
        peer: of(false, key),
        peerName: 'without checkpointing',
      });
  }
  return rows;
}
