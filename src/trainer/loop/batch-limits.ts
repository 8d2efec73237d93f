import type { ResolvedRun } from '../../language/resolved.ts';
import { PREFERENCE, PREFERENCE_METHODS } from '../../language/schema/formats.ts';
import { packBestFit } from '../data/pack.ts';
import type { ModelConfig } from '../models/config.ts';
import type { BatchLimits } from '../runtime/cpu-engine.ts';
import type { LoadedSplit } from './load-data.ts';
import { dataLengths, mostTogether, sequencesPerRow } from './objective.ts';

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

/**
 * The largest batch that the settings of a run allow, for as long as its data are not known: as many rows as it takes, each as long as
 * `max_length`.
 * @param texts tokens of some of the texts, where several stand in a row: they are packed to see how many do
 */
export function widestBatch(
  { train, data, method }: Pick<ResolvedRun, 'train' | 'data' | 'method'>,
  { max_position_embeddings }: Pick<ModelConfig, 'max_position_embeddings'>,
  texts?: Int32Array,
): BatchLimits {
  const isPairs =
    data.train.dataset.format === PREFERENCE || PREFERENCE_METHODS.some((name) => method[name] !== undefined);
  const sequences = train.per_device_train_batch_size * (isPairs ? 2 : 1);
  const length = Math.min(data.max_length, max_position_embeddings);
  if (texts) {
    const cut = texts.map((tokens) => Math.min(tokens, length));
    const together = mostTogether(packBestFit(cut, length));
    const longest = cut.reduce((a, b) => Math.max(a, b), 1);
    return { tokens: sequences * length, sequences: sequences * together, length: longest };
  }
  return { tokens: sequences * length, sequences, length };
}
