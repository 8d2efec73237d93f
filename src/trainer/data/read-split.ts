import { cutOf } from '../../language/held-out.ts';
import type { DataReference } from '../../language/resolved.ts';
import { filesOf } from './columns.ts';
import { cutRows } from './cut-rows.ts';
import { readRows, type ReadOptions, type SourceRow } from './read.ts';

/**
 * The rows of a split, in the order of its files, one at a time; of a split that rows are held out of those that are left, and of the one
 * that they became those that are held out.
 * @throws TunebookError as {@link filesOf}, {@link cutRows} and {@link readRows}; the signal's reason when aborted
 */
export async function* readSplit(
  reference: DataReference,
  options: Pick<ReadOptions, 'signal' | 'onColumns'> = {},
): AsyncGenerator<SourceRow> {
  const { dataset, split } = reference;
  const files = filesOf(reference);
  const { sample_by } = dataset;
  const reading = { ...options, ...(sample_by && { sample_by }) };
  const cut = cutOf(dataset.train_test_split, split);
  const isMeant = cut && (await cutRows(files, cut, reading));
  for await (const row of readRows(files, reading)) if (!isMeant || isMeant()) yield row;
}
