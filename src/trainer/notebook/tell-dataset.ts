import type { ResolvedDataset } from '../../language/resolved.ts';
import type { DatasetDescription } from '../../protocol/notebook.ts';
import { describeDataset } from '../data/describe-dataset.ts';
import { expandFiles } from '../data/expand-files.ts';

/**
 * Says what a data set holds, with the files that fit in place of each pattern.
 * @throws TunebookError `data/no-match`, and those of the data readers; the signal's reason when aborted
 */
export async function tellDataset(
  dataset: ResolvedDataset,
  signal: AbortSignal,
): Promise<DatasetDescription> {
  const files: Record<string, string[]> = {};
  for (const [split, paths] of Object.entries(dataset.files)) files[split] = await expandFiles(paths);
  return await describeDataset({ ...dataset, files }, signal);
}
