import type { ResolvedRun } from '../../language/resolved.ts';
import type { DeviceInfo } from '../../protocol/run.ts';
import { createEngine } from '../runtime/create-engine.ts';
import type { TrainingEngine } from '../runtime/engine.ts';
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
  const { data, report } = prepared.train;
  const lengths = dataLengths(data);
  const size = Math.min(run.train.per_device_train_batch_size, lengths.length);
  return createEngine(prepared.spec, prepared.values, {
    device,
    limits: {
      tokens: size * lengths.reduce((a, b) => Math.max(a, b), 0),
      sequences: size * sequencesPerRow(data),
      length: report.longest,
    },
    accumulates: run.train.gradient_accumulation_steps > 1,
  });
}
