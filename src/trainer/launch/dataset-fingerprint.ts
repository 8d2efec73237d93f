import type { DataReference } from '../../language/resolved.ts';
import type { DatasetFingerprint } from '../../protocol/run.ts';
import { filesOf } from '../data/columns.ts';
import { makePauses } from '../data/pause.ts';
import { readRows } from '../data/read.ts';
import { fingerprint } from './fingerprint.ts';

/**
 * What a split consists of, so that one can tell later whether it is still the same.
 * @throws TunebookError of the data readers
 */
export async function datasetFingerprint(
  reference: DataReference,
  workspace: string,
  signal: AbortSignal,
): Promise<DatasetFingerprint> {
  const files = filesOf(reference);
  const hashes = Promise.all(files.map((file) => fingerprint(file, workspace, signal)));
  const [rows, fingerprints] = await Promise.all([countRows(files, signal), hashes]);
  return { name: reference.dataset.name, split: reference.split, rows, files: fingerprints };
}

async function countRows(files: readonly string[], signal: AbortSignal): Promise<number> {
  const pause = makePauses({ signal });
  let rows = 0;
  for await (const _row of readRows(files, { signal })) await pause(++rows);
  return rows;
}
