/** The peers: PyTorch's own loop and Hugging Face Trainer, each a process of its own. */
import { text } from 'node:stream/consumers';
import { startPython } from '../scripts/python.mjs';
import { summarise } from './summarise.mjs';
import { wallClock } from './turns.mjs';

/** PyTorch's own loop on one padded batch (python/bench_step.py). */
export function torchLoop({ workload, method, steps, turns }) {
  return measure('bench_step.py', workload, method, ['--steps', String(steps)], turns);
}

/** Hugging Face Trainer on a file (python/bench_trainer.py); without `steps`, one epoch. `adapter` is what LoRA goes on with. */
export function trainer({ workload, method, steps, adapter, checkpointing, turns }) {
  const more = [
    ...(steps === undefined ? [] : ['--steps', String(steps)]),
    ...(adapter === undefined ? [] : ['--adapter', adapter]),
    ...(checkpointing ? ['--gradient-checkpointing'] : []),
  ];
  return measure('bench_trainer.py', workload, method, ['--train', workload.train(), ...more], turns);
}

/** @returns what `summarise` makes of its times, with what else the script printed */
async function measure(script, workload, method, more, turns) {
  const { task, model, batch, length, targets } = workload;
  const options = { model: model(), task, method, batch, 'max-length': length, targets: targets.join(',') };
  const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const started = Date.now();
  const child = startPython([script, ...given, ...more]);
  const clock = turns?.join(child) ?? wallClock;
  const ended = new Promise((resolve) => child.on('close', resolve));
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const status = await ended;
  if (status !== 0) throw new Error(`python/${script} ended with ${status}:\n${errors}`);
  const { began, step_ends: stepEnds, warmup, ...rest } = JSON.parse(output);
  return { ...summarise({ started, began, stepEnds, ended: Date.now() }, clock, warmup), ...rest };
}
