import type { ResolvedRun } from '../../language/resolved.ts';
import type { BatchLimits } from '../runtime/cpu-engine.ts';
import type { LoadedSplit } from './load-data.ts';
import { dataLengths, sequencesPerRow } from './objective.ts';

/** The largest batch that a run can meet: its memory is set aside once. */
export function batchLimits(run: ResolvedRun, { data, report }: LoadedSplit): BatchLimits {
  const lengths = dataLengths(data);
  const size = Math.min(run.train.per_device_train_batch_size, lengths.length);
  return {
    tokens: size * lengths.reduce((a, b) => Math.max(a, b), 0),
    sequences: size * sequencesPerRow(data),
    length: report.longest,
  };
}
