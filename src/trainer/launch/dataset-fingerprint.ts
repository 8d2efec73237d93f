import { cutOf } from '../../language/held-out.ts';
import type { DataReference } from '../../language/resolved.ts';
import type { DatasetFingerprint } from '../../protocol/run.ts';
import { filesOf } from '../data/columns.ts';
import { makePauses } from '../data/pause.ts';
import { readSplit } from '../data/read-split.ts';
import type { FactsCache } from '../facts-cache.ts';
import { fingerprint } from './fingerprint.ts';

/**
 * What a split consists of, so that one can tell later whether it is still the same.
 * @throws TunebookError of the data readers
 */
export async function datasetFingerprint(
  reference: DataReference,
  { workspace, facts, signal }: { workspace: string; facts: FactsCache; signal: AbortSignal },
): Promise<DatasetFingerprint> {
  const files = filesOf(reference);
  const hashes = Promise.all(files.map((file) => fingerprint(file, workspace, signal)));
  const [rows, fingerprints] = await Promise.all([rowsOf(reference, facts, signal), hashes]);
  return { name: reference.dataset.name, split: reference.split, rows, files: fingerprints };
}

/** The check has just counted the rows; of very large files it has read the beginning only. */
async function rowsOf(reference: DataReference, facts: FactsCache, signal: AbortSignal): Promise<number> {
  const { format, columns, labels, sample_by, train_test_split } = reference.dataset;
  const cut = cutOf(train_test_split, reference.split);
  const params = {
    files: [...filesOf(reference)],
    columns,
    format,
    ...(labels ? { labels } : {}),
    ...(sample_by ? { sample_by } : {}),
    ...(cut ? { cut } : {}),
  };
  const { rows, partial } = await facts.data(params, signal);
  return partial ? countRows(reference, signal) : rows;
}

async function countRows(reference: DataReference, signal: AbortSignal): Promise<number> {
  const pause = makePauses({ signal });
  let rows = 0;
  for await (const _row of readSplit(reference, { signal })) await pause(++rows);
  return rows;
}
