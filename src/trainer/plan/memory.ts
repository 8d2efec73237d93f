import { totalmem } from 'node:os';
import type { ResolvedRun } from '../../language/resolved.ts';
import { TunebookError } from '../../protocol/error.ts';
import type { PreparedRun } from '../loop/prepare.ts';
import { elementCount, type Parameter } from '../models/parameter.ts';

/** What one WebAssembly memory can hold, where on the CPU weights that are trained lie with their gradients and moments. */
const LARGEST_MEMORY = 2 ** 32;

/** Bytes of what is trained (weights, gradients, two moments; with accumulation the gradients twice) and of what is frozen. */
export function stateMemory(
  run: ResolvedRun,
  { parameters, trained }: Pick<PreparedRun, 'parameters' | 'trained'>,
): { trained: number; frozen: number } {
  const count = (list: readonly Parameter[]) => list.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  const copies = run.train.gradient_accumulation_steps > 1 ? 5 : 4;
  const trainedCount = count(trained);
  return { trained: 4 * copies * trainedCount, frozen: 4 * (count(parameters) - trainedCount) };
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
  const size = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const hint =
    'full' in run.method
      ? 'Train an adapter instead, with method: { lora: { r: 8 } }, or take a smaller model.'
      : 'Adapt fewer layers (target_modules), save fewer modules whole (modules_to_save), or take a smaller model.';
  const location = { file: run.file };
  if (device === 'cpu' && trained > LARGEST_MEMORY) {
    throw new TunebookError(
      'run/memory',
      `What is trained needs ${size(trained)} for its weights, gradients and moments; the trainer can hold ${size(LARGEST_MEMORY)}.`,
      { hint, location },
    );
  }
  if (trained + frozen > available) {
    throw new TunebookError(
      'run/memory',
      `The model and what is trained of it need ${size(trained + frozen)}, and this machine has ${size(available)}.`,
      { hint, location },
    );
  }
}
