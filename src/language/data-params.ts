import type { InspectDataParams } from '../protocol/inspect.ts';
import { effective } from './effective.ts';
import { CUT_SPLIT, cutOf, HELD_OUT_SPLIT, type HoldOut } from './held-out.ts';
import { numberAt, scalarAt, stringAt, stringsOf, valueAt } from './node.ts';
import { dirname, resolvePath } from './path.ts';
import type { Project } from './project.ts';
import { readRoles, usualColumn } from './schema/formats.ts';
import type { Node, TuneDocument } from './tree.ts';

/** The names of the splits of a `dataset:` document, with what it inherits, and with the one that `train_test_split` makes. */
export function splitNames(project: Project, dataset: TuneDocument): string[] {
  const root = effective(project, dataset);
  const files = valueAt(root, 'files');
  const written = files?.type === 'map' ? files.entries.map(({ name }) => name) : [];
  return isCut(root) && !written.includes(HELD_OUT_SPLIT) ? [...written, HELD_OUT_SPLIT] : written;
}

/** The split whose files hold the rows of a split. */
export function splitOfFiles(root: Node | undefined, split: string): string {
  return split === HELD_OUT_SPLIT && isCut(root) && !valueAt(root, 'files', split) ? CUT_SPLIT : split;
}

/** Whether rows are to be held out, however wrong it is said how many. */
export function isCut(root: Node | undefined): boolean {
  return valueAt(root, 'train_test_split')?.type === 'map';
}

/** `train_test_split` of a data set, where it says enough. */
export function holdOutOf(root: Node | undefined): HoldOut | undefined {
  const test_size = numberAt(root, 'train_test_split', 'test_size');
  if (test_size === undefined || test_size <= 0) return undefined;
  const column = stringAt(root, 'train_test_split', 'stratify_by_column');
  return {
    test_size,
    seed: numberAt(root, 'train_test_split', 'seed') ?? 42,
    ...(column !== undefined && { stratify_by_column: column }),
  };
}

/** What to ask the trainer about a split of a data set; `undefined` where the document does not say enough. */
export function dataParams(
  project: Project,
  dataset: TuneDocument,
  split: string,
): InspectDataParams | undefined {
  const root = effective(project, dataset);
  const files = localFiles(valueAt(root, 'files', splitOfFiles(root, split)));
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
  const cut = cutOf(holdOutOf(root), split);
  return {
    files,
    columns,
    format,
    ...(label_columns && { label_columns }),
    ...(label_separator !== undefined && { label_separator }),
    ...(labels?.type === 'seq' && { labels: stringsOf(labels).map(({ value }) => value) }),
    ...sampleBy(stringAt(root, 'sample_by')),
    ...(cut && { cut }),
  };
}

/** What a row of a text file is, where it is not the usual one and one that there is. */
export function sampleBy(value: string | undefined): Pick<InspectDataParams, 'sample_by'> {
  return value === 'paragraph' || value === 'document' ? { sample_by: value } : {};
}

/** The absolute paths that a value names; each is relative to the config that holds it. What lies elsewhere is left out. */
export function localFiles(node: Node | undefined): string[] {
  return stringsOf(node).flatMap(({ node: at, value }) =>
    /^[a-z]{2,}:/.test(value) ? [] : [resolvePath(dirname(at.document.file.path), value)],
  );
}
