import { formatBytes } from '../protocol/format.ts';
import type { RunKind, RunProcess } from '../protocol/run.ts';

/** Of the memory of a machine, in use at the last heartbeat: a process that ends above it without a word may have been ended for want of memory. */
export const FULL_SHARE = 0.9;

/** What is known of a run whose process is gone. */
export interface Lost {
  readonly kind: RunKind;
  readonly process: RunProcess | undefined;
  /** Whether it was told that it needs more memory than is free. */
  readonly warnedOfMemory: boolean;
}

/** Why a run may have lost its process, as a sentence: what the system kills cannot say so itself. */
export function lostReason({ kind, process, warnedOfMemory }: Lost): string {
  const evidence = evidenceOf(process?.memory, warnedOfMemory);
  if (evidence === undefined) return 'Its process ended without saying so.';
  const advice =
    kind === 'evaluate'
      ? 'end what else needs memory, or evaluate a smaller model'
      : 'lower per_device_train_batch_size or set gradient_checkpointing: true';
  return `Its process was killed, or the machine went down. ${evidence}, so the system may have ended it for want of memory: ${advice}.`;
}

function evidenceOf(memory: RunProcess['memory'], warned: boolean): string | undefined {
  if (memory && memory.used > FULL_SHARE * memory.total)
    return `Its last reading was ${formatBytes(memory.used)} of ${formatBytes(memory.total)} of memory in use`;
  return warned ? 'It had been told that it needs more memory than was free' : undefined;
}
