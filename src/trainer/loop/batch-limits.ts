import type { ResolvedRun } from '../../language/resolved.ts';
import type { BatchLimits } from '../runtime/cpu-engine.ts';
import type { LoadedSplit } from './load-data.ts';
import { dataLengths, sequencesPerRow } from './objective.ts';

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
