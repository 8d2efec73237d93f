/** The peers: PyTorch's own loop and Hugging Face Trainer, each a process of its own. */
import { python } from '../scripts/python.mjs';

/** PyTorch's own loop on one padded batch (python/bench_step.py). */
export function torchLoop({ workload, method, steps }) {
  return measure('bench_step.py', workload, method, ['--steps', String(steps)]);
}

/** Hugging Face Trainer on a file (python/bench_trainer.py); without `steps`, one epoch. */
export function trainer({ workload, method, steps }) {
  const limit = steps === undefined ? [] : ['--steps', String(steps)];
  return measure('bench_trainer.py', workload, method, ['--train', workload.train(), ...limit]);
}

function measure(script, { task, model, batch, length, targets }, method, more) {
  const options = { model: model(), task, method, batch, 'max-length': length, targets: targets.join(',') };
  const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return JSON.parse(python([script, ...given, ...more]));
}
