import { setFix } from '../edit.ts';
import { rootMap } from '../node.ts';
import { problem, replaceFix, yamlString, type Problem } from '../problem.ts';
import { relativePath, dirname } from '../path.ts';
import { findColumn, isOptionalColumn } from '../schema/formats.ts';
import type { DatasetView } from './dataset-view.ts';
import { guessColumn } from './guess-column.ts';
import { listNames } from './list-names.ts';
import type { World } from './world.ts';

/** Columns that a data set needs and its files do not have. */
export async function checkColumns(view: DatasetView, world: World): Promise<Problem[]> {
  const { columns } = view;
  const { format } = view;
  if (!columns || format === undefined) return [];
  const lacking = new Map<string, { splits: string[]; present: string[] }>();
  const found = new Set<string>();
  for (const split of view.splits) {
    const facts = await view.facts(world, split);
    // Without columns there is no header to look at: the problems of the file say why.
    if (!facts || facts.columns.length === 0) continue;
    for (const role of Object.keys(columns)) {
      const named = columns[role] ?? role;
      if (findColumn(format, role, named, facts.columns) !== undefined) {
        found.add(role);
        continue;
      }
      if (isOptionalColumn(format, role, named)) continue;
      const { splits = [], present = facts.columns } = lacking.get(role) ?? {};
      lacking.set(role, { splits: [...splits, split], present });
    }
  }
  return [...lacking].map(([role, lack]) =>
    explain(view, columns, { role, ...lack, elsewhere: found.has(role) }),
  );
}

/** A role whose column some splits lack. */
interface Lack {
  role: string;
  splits: string[];
  /** The columns that the first of them has. */
  present: string[];
  /** Whether other splits have the column, so that the files are at fault and not the config. */
  elsewhere: boolean;
}

function explain(
  view: DatasetView,
  columns: Readonly<Record<string, string>>,
  { role, splits, present, elsewhere }: Lack,
): Problem {
  const { fields } = view;
  const { document } = fields;
  const named = fields.node('columns', role);
  const node = named ?? fields.entry('columns')?.key ?? document.header?.value ?? document.root;
  if (!node) throw new Error(`${document.file.path}: a data set without text has a column`);
  const files = splits.flatMap((split) => view.files(split).flatMap(({ path }) => path ?? []));
  const folder = dirname(document.file.path);
  const where = listNames(
    files.map((path) => relativePath(folder, path)),
    2,
  );
  const meant = elsewhere ? undefined : guessColumn(role, columns, present);
  const hint = elsewhere
    ? 'Other splits have it: rename the column in the file.'
    : meant === undefined
      ? `Name the column of the ${role} in \`columns\`.`
      : `Did you mean \`${meant}\`?`;
  const column = columns[role] ?? role;
  const verb = files.length === 1 ? 'has' : 'have';
  const message = `${where} ${verb} no column \`${column}\` for the ${role}; there is ${listNames(present)}. ${hint}`;
  const fix =
    meant === undefined
      ? undefined
      : named
        ? replaceFix(`Change to ${meant}`, named, yamlString(meant))
        : setFix(`Set ${role}: ${meant}`, rootMap(document), ['columns', role], yamlString(meant));
  return problem('tune/missing-column', node, message, [fix]);
}
