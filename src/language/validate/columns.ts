import { setFix } from '../edit.ts';
import { nearest } from '../nearest.ts';
import { rootMap, stringsOf } from '../node.ts';
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
  const lacking = new Map<string, Omit<Lack, 'elsewhere'>>();
  const found = new Set<string>();
  const wanted = [
    ...Object.entries(columns),
    ...(view.labelColumns ?? []).map((column) => ['labels', column] as const),
  ];
  for (const split of view.splits) {
    const facts = await view.facts(world, split);
    // Without columns there is no header to look at: the problems of the file say why.
    if (!facts || facts.columns.length === 0) continue;
    for (const [role, named] of wanted) {
      const key = `${role} ${named}`;
      if (findColumn(format, role, named, facts.columns) !== undefined) {
        found.add(key);
        continue;
      }
      if (isOptionalColumn(format, role, named)) continue;
      const { splits = [], present = facts.columns } = lacking.get(key) ?? {};
      lacking.set(key, { role, column: named, splits: [...splits, split], present });
    }
  }
  return [...lacking].map(([key, lack]) => explain(view, columns, { ...lack, elsewhere: found.has(key) }));
}

/** A role whose column some splits lack. */
interface Lack {
  role: string;
  column: string;
  splits: string[];
  /** The columns that the first of them has. */
  present: string[];
  /** Whether other splits have the column, so that the files are at fault and not the config. */
  elsewhere: boolean;
}

function explain(
  view: DatasetView,
  columns: Readonly<Record<string, string>>,
  { role, column, splits, present, elsewhere }: Lack,
): Problem {
  const { fields } = view;
  const { document } = fields;
  const written = fields.node('columns', role);
  const named =
    written?.type === 'seq' ? stringsOf(written).find(({ value }) => value === column)?.node : written;
  const node = named ?? fields.entry('columns')?.key ?? document.header?.value ?? document.root;
  if (!node) throw new Error(`${document.file.path}: a data set without text has a column`);
  const files = splits.flatMap((split) => view.files(split).flatMap(({ path }) => path ?? []));
  const folder = dirname(document.file.path);
  const where = listNames(
    files.map((path) => relativePath(folder, path)),
    2,
  );
  const used = [...Object.values(columns), ...(view.labelColumns ?? [])];
  const meant = elsewhere
    ? undefined
    : written?.type === 'seq'
      ? nearest(
          column,
          present.filter((name) => !used.includes(name)),
        )
      : guessColumn(role, columns, present);
  const hint = elsewhere
    ? 'Other splits have it: rename the column in the file.'
    : meant === undefined
      ? `Name the column of the ${role} in \`columns\`.`
      : `Did you mean \`${meant}\`?`;
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
