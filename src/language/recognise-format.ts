import {
  findColumn,
  FORMAT_COLUMNS,
  formatsOf,
  rolesOf,
  usualColumn,
  isOptionalColumn,
  type Format,
} from './schema/formats.ts';

/** Formats whose columns may be those of a narrower one as well: the first that fits goes before the others. */
const ORDER: readonly (readonly Format[])[] = [
  ['preference'],
  ['alpaca', 'sharegpt', 'chat', 'prompt-completion', 'tokens'],
  ['classification'],
  ['multi-label-classification'],
  ['regression'],
  ['text'],
];

/**
 * The formats that rows with these columns can be of, where `format` is left out: one where it is clear, several where it is not,
 * none where no format has such columns.
 * @param columns those of the data
 * @param named the columns that the data set names, by role
 * @param task of the run that reads the data: formats that it cannot read are left out
 * @param problem its `problem_type`, where it says one
 */
export function recogniseFormat(
  columns: readonly string[],
  named: Readonly<Record<string, string>> = {},
  task?: string,
  problem?: string,
): Format[] {
  const allowed = task === undefined ? [] : formatsOf(task, problem);
  for (const group of ORDER) {
    const fitting = group.filter(
      (format) => (task === undefined || allowed.includes(format)) && fits(format, columns, named),
    );
    if (fitting.length > 0) return fitting;
  }
  return [];
}

/** The name of each format, for sentences. */
export const FORMAT_NAMES: readonly string[] = Object.keys(FORMAT_COLUMNS);

function fits(format: Format, columns: readonly string[], named: Readonly<Record<string, string>>): boolean {
  return rolesOf(format).every((role) => {
    const column = named[role] ?? usualColumn(format, role);
    return findColumn(format, role, column, columns) !== undefined || isOptionalColumn(format, role, column);
  });
}
