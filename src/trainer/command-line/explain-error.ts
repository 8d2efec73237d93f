import { TunebookError } from '../../protocol/error.ts';
import { explainWriteError, isDiskFull } from '../../runs/errors.ts';
import { isOutOfMemory } from '../runtime/out-of-memory.ts';

/**
 * Any error as one that a person is meant to read. What nothing is known about is a fault of ours and says so.
 * @param where the folder that was being written to, for errors of the disk
 */
export function explainError(error: unknown, where: string): TunebookError {
  if (error instanceof TunebookError) return error;
  if (isDiskFull(error)) {
    const explained = explainWriteError(error, 'a file', where);
    if (explained instanceof TunebookError) return explained;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (isOutOfMemory(error))
    return new TunebookError('run/out-of-memory', `There is not enough memory: ${firstLine(message)}`, {
      hint: 'Lower per_device_train_batch_size (raise gradient_accumulation_steps by as much), or max_length.',
      cause: error,
    });
  return new TunebookError('internal', `A fault of Tunebook: ${firstLine(message)}`, {
    hint: 'Please report it, with what it prints when TUNEBOOK_DEBUG=1 is set.',
    cause: error,
  });
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
