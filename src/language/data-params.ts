import type { InspectDataParams } from '../protocol/inspect.ts';
import { effective } from './effective.ts';
import { scalarAt, stringAt, stringsOf, valueAt } from './node.ts';
import { dirname, resolvePath } from './path.ts';
import type { Project } from './project.ts';
import { readRoles, usualColumn } from './schema/formats.ts';
import type { Node, TuneDocument } from './tree.ts';

/** The names of the splits of a `dataset:` document, with what it inherits. */
export function splitNames(project: Project, dataset: TuneDocument): string[] {
  const files = valueAt(effective(project, dataset), 'files');
  return files?.type === 'map' ? files.entries.map(({ name }) => name) : [];
}

/** What to ask the trainer about a split of a data set; `undefined` where the document does not say enough. */
export function dataParams(
  project: Project,
  dataset: TuneDocument,
  split: string,
): InspectDataParams | undefined {
  const root = effective(project, dataset);
  const files = localFiles(valueAt(root, 'files', split));
  const format = stringAt(root, 'format') ?? 'classification';
  if (files.length === 0) return undefined;
  const own = valueAt(root, 'columns', 'labels');
  const label_columns = own?.type === 'seq' ? stringsOf(own).map(({ value }) => value) : undefined;
  const columns = Object.fromEntries(
    readRoles(format).flatMap((role) => {
      if (role === 'labels' && label_columns) return [];
      const name = scalarAt(root, 'columns', role)?.value;
      if (name !== undefined && name !== null) return [[role, String(name)]];
      return role === 'text_pair' ? [] : [[role, usualColumn(format, role)]];
    }),
  );
  const label_separator = stringAt(root, 'label_separator');
  const labels = valueAt(root, 'labels');
  return {
    files,
    columns,
    format,
    ...(label_columns && { label_columns }),
    ...(label_separator !== undefined && { label_separator }),
    ...(labels?.type === 'seq' && { labels: stringsOf(labels).map(({ value }) => value) }),
  };
}

/** The absolute paths that a value names; each is relative to the config that holds it. What lies elsewhere is left out. */
export function localFiles(node: Node | undefined): string[] {
  return stringsOf(node).flatMap(({ node: at, value }) =>
    /^[a-z]{2,}:/.test(value) ? [] : [resolvePath(dirname(at.document.file.path), value)],
  );
}
