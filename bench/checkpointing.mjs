/** Steps of one shape with and without `gradient_checkpointing`, ours and Trainer's: what it costs in time and spares in memory. */
import { join } from 'node:path';
import { documents } from './config.mjs';
import { benchFolder } from './inputs.mjs';
import { trainOurs } from './ours.mjs';
import { trainer } from './peers.mjs';
import { Turns } from './turns.mjs';

const STEPS = Number(process.env.TUNEBOOK_BENCH_STEPS ?? 20);

/**
 * @param {string} name what the rows of the table are called
 * @param {import('./workloads.mjs').Workload} workload
 * @param {'full' | 'lora'} method
 * @returns rows of the table: memory and a step beside Trainer's, and beside our own without checkpointing
 */
export async function checkpointing(name, workload, method, progress) {
  progress(`${name}: ours and Trainer, with and without, in turns`);
  const turns = new Turns();
  const ours = (gradient_checkpointing) => {
    const run = `${name}${gradient_checkpointing ? '-on' : ''}`;
    const config = documents({
      name: run,
      workload,
      method,
      steps: STEPS,
      train: { gradient_checkpointing },
    });
    // Each waits for nobody: the turns are enough of a queue.
    const env = { TUNEBOOK_RUNTIME_DIR: join(benchFolder(), 'runtime', run) };
    return trainOurs(benchFolder(), config, run, { turns, env });
  };
  const theirs = (on) => trainer({ workload, method, steps: STEPS, checkpointing: on, turns });
  const [plain, spared, trainerPlain, trainerSpared] = await Promise.all([
    ours(false),
    ours(true),
    theirs(false),
    theirs(true),
  ]);
  if (JSON.stringify(plain.losses) !== JSON.stringify(spared.losses))
    throw new Error(`${name}: the losses with and without checkpointing differ`);
  const row = (what, unit, key, peerName, a, b, target) => ({
    name: `${name}.${what}`,
    unit,
    ours: a[key],
    peer: b[key],
    peerName,
    target,
  });
  const share = method === 'full' ? 0.8 : 0.6;
  return [
    row('memory', 'MB', 'peak_mb', 'Trainer, both with', spared, trainerSpared, share),
    row('memory-without', 'MB', 'peak_mb', 'Trainer, both without', plain, trainerPlain, share),
    row('memory-spared', 'MB', 'peak_mb', 'ours without', spared, plain),
    row('memory-spared-trainer', 'MB', 'peak_mb', "Trainer's with and without", trainerSpared, trainerPlain),
    row('time', 'ms', 'ms', 'Trainer, both with', spared, trainerSpared, 1),
    row('time-cost', 'ms', 'ms', 'ours without', spared, plain),
    row('time-cost-trainer', 'ms', 'ms', "Trainer's with and without", trainerSpared, trainerPlain),
  ];
}
