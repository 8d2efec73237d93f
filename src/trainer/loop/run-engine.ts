import type { ResolvedRun } from '../../language/resolved.ts';
import type { DeviceInfo } from '../../protocol/run.ts';
import type { BatchLimits } from '../runtime/cpu-engine.ts';
import { createEngine } from '../runtime/create-engine.ts';
import type { TrainingEngine } from '../runtime/engine.ts';
import type { LoadedSplit } from './load-data.ts';
import { dataLengths, sequencesPerRow } from './objective.ts';
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

/** Bounds on the batches of a run, also with a shorter `max_length` than its data were cut at. */
export function batchLimits(
  run: {
    train: Pick<ResolvedRun['train'], 'per_device_train_batch_size'>;
    data: Pick<ResolvedRun['data'], 'max_length'>;
  },
  { data, report }: Pick<LoadedSplit, 'data' | 'report'>,
): BatchLimits {
  const { max_length } = run.data;
  const lengths = dataLengths(data);
  const size = Math.min(run.train.per_device_train_batch_size, lengths.length);
  const longest = data.kind === 'preference' ? 2 * max_length : max_length;
  return {
    tokens:
      size *
      Math.min(
        longest,
        lengths.reduce((a, b) => Math.max(a, b), 0),
      ),
    sequences: size * sequencesPerRow(data),
    length: Math.min(max_length, report.longest),
  };
}
