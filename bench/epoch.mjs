/** One epoch of real rows with the same batches on both sides. */
import { documents } from './config.mjs';
import { benchFolder, drawnAdapter } from './inputs.mjs';
import { relativeDeviation } from './numbers.mjs';
import { trainOurs } from './ours.mjs';
import { trainer } from './peers.mjs';
import { Turns } from './turns.mjs';

/** Fewer steps than an epoch has, for a quick look. */
const steps = process.env.TUNEBOOK_BENCH_STEPS ? Number(process.env.TUNEBOOK_BENCH_STEPS) : undefined;

/**
 * @param {string} name what the rows of the table are called
 * @param {import('./workloads.mjs').Workload} workload
 * @param {'full' | 'lora'} method with LoRA both sides go on with the adapter that PEFT drew
 * @returns rows of the table
 */
export async function epoch(name, workload, method, progress) {
  progress(`${name}: ours and Trainer, in turns`);
  const adapter = method === 'lora' ? drawnAdapter(workload) : undefined;
  const turns = new Turns();
  const [ours, theirs] = await Promise.all([
    trainOurs(benchFolder(), documents({ name, workload, method, steps, adapter }), name, { turns }),
    trainer({ workload, method, steps, adapter, turns }),
  ]);
  const row = (what, unit, a, b, target) => ({
    name: `${name}.${what}`,
    unit,
    ours: a,
    peer: b,
    peerName: 'Trainer',
    target,
  });
  const rows = [
    row('epoch', 's', ours.train_s, theirs.train_s, 0.5),
    row('whole-command', 's', ours.total_s, theirs.total_s),
    row('memory', 'MB', ours.peak_mb, theirs.peak_mb, method === 'full' ? 0.8 : 0.6),
    row('first-step', 's', ours.first_step_s, theirs.first_step_s, 1 / 3),
    row('last-loss', 'nats', mean(ours.losses.slice(-50)), mean(theirs.losses.slice(-50))),
  ];
  const deviation = (count) => relativeDeviation(ours.losses.slice(0, count), theirs.losses.slice(0, count));
  return [
    ...rows,
    { name: `${name}.loss-deviation-100`, unit: 'relative, worst of 100 steps', ours: deviation(100) },
    {
      name: `${name}.loss-deviation`,
      unit: `relative, worst of ${ours.losses.length} steps`,
      ours: deviation(),
    },
  ];
}

function mean(values) {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
