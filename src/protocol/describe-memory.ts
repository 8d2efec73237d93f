import { formatBytes } from './format.ts';
import type { RunPlan } from './plan.ts';

/** What the largest batch of a plan needs, and what it would need the other way. */
export function describeBatchMemory({ used, kept, checkpointed }: RunPlan['batchMemory']): string {
  return used === kept
    ? `at least ${formatBytes(kept)} for the largest batch, ${formatBytes(checkpointed)} with gradient_checkpointing`
    : `at least ${formatBytes(checkpointed)} for the largest batch with gradient_checkpointing, ${formatBytes(kept)} without`;
}

/** What lies in the memory of a GPU, and that nobody says whether it has room. */
export function describeGpuMemory({ needed }: NonNullable<RunPlan['gpuMemory']>): string {
  return `at least ${formatBytes(needed)}; how much is free there is not known`;
}
