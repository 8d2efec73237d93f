import type { InspectDataParams } from '../protocol/inspect.ts';
import { effective } from './effective.ts';
import { scalarAt, stringAt, stringsOf, valueAt } from './node.ts';
import { dirname, resolvePath } from './path.ts';
import type { Project } from './project.ts';
import { rolesOf, usualColumn } from './schema/formats.ts';
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
  const columns = Object.fromEntries(
    rolesOf(format).map((role) => {
      const name = scalarAt(root, 'columns', role)?.value;
      return [role, name === undefined || name === null ? usualColumn(format, role) : String(name)];
    }),
  );
  const labels = valueAt(root, 'labels');
  if (labels?.type !== 'seq') return { files, columns, format };
  return { files, columns, format, labels: stringsOf(labels).map(({ value }) => value) };
}

/** The absolute paths that a value names; each is relative to the config that holds it. What lies elsewhere is left out. */
export function localFiles(node: Node | undefined): string[] {
  return stringsOf(node).flatMap(({ node: at, value }) =>
    /^[a-z]{2,}:/.test(value) ? [] : [resolvePath(dirname(at.document.file.path), value)],
  );
}
