/** The peers: PyTorch's own loop and Hugging Face Trainer, each a process of its own. */
import { python } from '../scripts/python.mjs';

/** PyTorch's own loop on one padded batch (python/bench_step.py). */
export function torchLoop({ model, method, steps }) {
  return JSON.parse(
    python(['bench_step.py', '--model', model, '--method', method, '--steps', String(steps)]),
  );
}

/** Hugging Face Trainer on a file (python/bench_trainer.py); without `steps`, one epoch. */
export function trainer({ model, train, method, steps }) {
  const limit = steps === undefined ? [] : ['--steps', String(steps)];
  return JSON.parse(
    python(['bench_trainer.py', '--model', model, '--train', train, '--method', method, ...limit]),
  );
}
