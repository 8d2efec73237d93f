import { formatBytes } from './format.ts';
import type { RunPlan } from './plan.ts';

/** What the largest batch of a plan needs, and what it would need the other way. */
export function describeBatchMemory({ used, kept, checkpointed }: RunPlan['batchMemory']): string {
  if (used !== kept)
    return `at least ${formatBytes(checkpointed)} for the largest batch with gradient_checkpointing, ${formatBytes(kept)} without`;
  // What is computed again takes room too, and of small models it is more than is spared.
  const spared = checkpointed < kept ? `, ${formatBytes(checkpointed)} with gradient_checkpointing` : '';
  return `at least ${formatBytes(kept)} for the largest batch${spared}`;
}

/** What lies in the memory of a GPU, and that nobody says whether it has room. */
export function describeGpuMemory({ needed }: NonNullable<RunPlan['gpuMemory']>): string {
  return `at least ${formatBytes(needed)}; how much is free there is not known`;
}
