import { FORMAT_NAMES, recogniseFormat } from '../../language/recognise-format.ts';
import type { DataReference } from '../../language/resolved.ts';
import { readRoles, usualColumn, type Format } from '../../language/schema/formats.ts';
import { emptyData, filesOf, nameOf } from './columns.ts';
import { dataError, list } from './problem.ts';
import { readRows } from './read.ts';

/** A split whose format is known. */
export interface KnownReference extends DataReference {
  readonly dataset: DataReference['dataset'] & { readonly format: Format };
}

/**
 * A split with the format that its rows have, where the data set does not say it: by the columns of the first row, for a task.
 * @param problem the `problem_type` of the run, where it says one
 * @throws TunebookError `data/unclear-format`, and those of the readers
 */
export async function withFormat(
  reference: DataReference,
  task: string,
  problem?: string,
): Promise<KnownReference> {
  const { dataset } = reference;
  const { format } = dataset;
  if (format !== 'auto') return { ...reference, dataset: { ...dataset, format } };
  const files = filesOf(reference);
  const columns = await columnsOf(files);
  if (columns === undefined) throw emptyData(reference, files, undefined);
  const formats = recogniseFormat(columns, dataset.columns, task, problem);
  const [only, second] = formats;
  if (only === undefined || second !== undefined)
    throw dataError(
      'data/unclear-format',
      only === undefined
        ? `The columns of ${nameOf(reference)} (${list(columns, 12)}) are those of no format that the task ${task} reads.`
        : `The columns of ${nameOf(reference)} (${list(columns, 12)}) are those of several formats: ${list(formats)}.`,
      { file: dataset.file },
      `Set format: in the data set, one of ${list(FORMAT_NAMES, 12)}, and name its columns in \`columns:\`.`,
    );
  const named = readRoles(only).flatMap((role) => {
    const isOptional = role === 'text_pair' || (role === 'labels' && dataset.label_columns !== undefined);
    const column = dataset.columns[role] ?? (isOptional ? undefined : usualColumn(only, role));
    return column === undefined ? [] : [[role, column] as const];
  });
  return { ...reference, dataset: { ...dataset, format: only, columns: Object.fromEntries(named) } };
}

async function columnsOf(files: readonly string[]): Promise<string[] | undefined> {
  for await (const { values } of readRows(files)) return Object.keys(values);
  return undefined;
}
