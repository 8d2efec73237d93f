import { totalmem } from 'node:os';
import type { ResolvedRun } from '../../language/resolved.ts';
import { TunebookError } from '../../protocol/error.ts';
import { formatBytes } from '../../protocol/format.ts';
import { totalBytes } from '../models/parameter.ts';
import type { PreparedRun } from './prepare.ts';

/** What one WebAssembly memory can hold, where on the CPU weights that are trained lie with their gradients and moments. */
const LARGEST_MEMORY = 2 ** 32;

/** Bytes of what is trained (weights, gradients, two moments; with accumulation the gradients twice) and of what is frozen. */
export function stateMemory(
  run: { train: Pick<ResolvedRun['train'], 'gradient_accumulation_steps'> },
  { parameters, trained }: Pick<PreparedRun, 'parameters' | 'trained'>,
): { trained: number; frozen: number } {
  const copies = run.train.gradient_accumulation_steps > 1 ? 5 : 4;
  const bytes = totalBytes(trained);
  return { trained: copies * bytes, frozen: totalBytes(parameters) - bytes };
}

/**
 * Makes sure that the state of a run fits, before anything is computed.
 * @throws TunebookError `run/memory` with what would fit
 */
export function checkMemory(
  run: ResolvedRun,
  prepared: Pick<PreparedRun, 'parameters' | 'trained'>,
  device: string,
  available = totalmem(),
): void {
  const { trained, frozen } = stateMemory(run, prepared);
  const hint =
    'full' in run.method
      ? 'Train an adapter instead, with method: { lora: { r: 8 } }, or take a smaller model.'
      : 'Adapt fewer layers (target_modules), save fewer modules whole (modules_to_save), or take a smaller model.';
  const location = { file: run.file };
  if (device === 'cpu' && trained > LARGEST_MEMORY) {
    throw new TunebookError(
      'run/memory',
      `What is trained needs ${formatBytes(trained)} for its weights, gradients and moments; the trainer can hold ${formatBytes(LARGEST_MEMORY)}.`,
      { hint, location },
    );
  }
  if (trained + frozen > available) {
    throw new TunebookError(
      'run/memory',
      `The model and what is trained of it need ${formatBytes(trained + frozen)}, and this machine has ${formatBytes(available)}.`,
      { hint, location },
    );
  }
}
