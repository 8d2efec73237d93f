import { TunebookError } from '../../protocol/error.ts';
import type { RunKind } from '../../protocol/run.ts';
import { explainWriteError, isDiskFull } from '../../runs/errors.ts';
import { isOutOfMemory } from '../../runs/out-of-memory.ts';

/**
 * Any error as one that a person is meant to read. What nothing is known about is a fault of ours and says so.
 * @param where the folder that was being written to, for errors of the disk
 * @param kind what is carried out, which decides what would need less memory
 */
export function explainError(error: unknown, where: string, kind?: RunKind): TunebookError {
  if (error instanceof TunebookError) return error;
  if (isDiskFull(error)) {
    const explained = explainWriteError(error, 'a file', where);
    if (explained instanceof TunebookError) return explained;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (isOutOfMemory(error))
    return new TunebookError('run/out-of-memory', `There is not enough memory: ${firstLine(message)}`, {
      hint:
        kind === 'run'
          ? 'Lower per_device_train_batch_size (raise gradient_accumulation_steps by as much), or max_length.'
          : 'End what else needs memory, or take a smaller model; what a model writes needs less with a smaller max_new_tokens and shorter prompts.',
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
