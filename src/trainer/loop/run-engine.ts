import type { ResolvedRun } from '../../language/resolved.ts';
import type { DeviceInfo } from '../../protocol/run.ts';
import { createEngine } from '../runtime/create-engine.ts';
import type { TrainingEngine } from '../runtime/engine.ts';
import { batchLimits } from './batch-limits.ts';
import type { PreparedRun } from './prepare.ts';

/**
 * Makes the engine that a run trains on, with memory for the largest batch that it can meet.
 * @throws TunebookError when the device cannot take the model
 */
export function createRunEngine(
  run: ResolvedRun,
  prepared: PreparedRun,
  device: DeviceInfo,
): Promise<TrainingEngine> {
  return createEngine(prepared.spec, prepared.values, {
    device,
    limits: batchLimits(run, prepared.train),
    accumulates: run.train.gradient_accumulation_steps > 1,
  });
}

/**
 * Lets go of the starting values of what is trained, when nobody will read them any more: an engine has values of its own.
 * Their memory is given back now and not when it is next collected, which may be never while a run does nothing but steps.
 */
export function releaseStart({ values, trained }: Pick<PreparedRun, 'values' | 'trained'>): void {
  for (const { name } of trained) {
    const buffer = values.get(name)?.buffer;
    values.delete(name);
    // Node 20 cannot, and collects it some time.
    if (buffer instanceof ArrayBuffer && 'transfer' in buffer) buffer.transfer(0);
  }
}
