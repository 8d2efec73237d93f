import { CUT_SPLIT, HELD_OUT_SPLIT } from './held-out.ts';
import { parseHubData } from './hub-reference.ts';
import { scalarAt, valueAt } from './node.ts';
import type { Project } from './project.ts';
import { lookup, splitOfReference } from './reference.ts';
import { checked, effectiveRoot, given } from './resolve-support.ts';
import { resolveValue } from './resolve-value.ts';
import type { DataReference, ResolvedDataset } from './resolved.ts';
import { readRoles } from './schema/formats.ts';
import { KIND_SCHEMAS } from './schema/kinds.ts';
import { schemaOf } from './schema/navigate.ts';
import type { MapNode, TuneDocument } from './tree.ts';

/**
 * A `dataset:` document with absolute paths. A column is named for what the format needs only.
 * @throws Error when the document is not valid: check it first
 */
export function resolveDataset(project: Project, document: TuneDocument): ResolvedDataset {
  const root = effectiveRoot(project, document, 'dataset');
  const value = checked(KIND_SCHEMAS.dataset, resolveValue(root, schemaOf('dataset')), document);
  const { labels, ...names } = given(value.columns, document);
  const label_columns = Array.isArray(labels) ? labels : undefined;
  const columns = value.format === undefined ? namedColumns(root) : columnsOf(value.format, names, labels);
  const files = Object.entries(value.files).map(([split, each]) => [
    split,
    Array.isArray(each) ? each : [each],
  ]);
  const holdOut = value.train_test_split;
  if (holdOut) files.push([HELD_OUT_SPLIT, filesToCut(value.files[CUT_SPLIT])]);
  return {
    name: value.dataset,
    file: document.file.path,
    // SAFETY: each entry is a split and its files, as they are made above; fromEntries forgets it.
    files: Object.fromEntries(files) as Record<string, string[]>,
    format: value.format ?? 'auto',
    ...(holdOut && { train_test_split: { ...holdOut, seed: given(holdOut.seed, document) } }),
    ...(value.config !== undefined && { config: value.config }),
    ...(value.sample_by !== 'line' && { sample_by: given(value.sample_by, document) }),
    columns: Object.fromEntries(columns),
    ...(label_columns && { label_columns }),
    ...(value.label_separator !== ',' && { label_separator: given(value.label_separator, document) }),
    ...(value.labels && { labels: value.labels }),
  };
}

/** What rows are held out of. A data set of the Hub is asked for its split by the name of ours, which is another one here. */
function filesToCut(files: string | readonly string[] = []): string[] {
  return [files].flat().map((file) => {
    const named = file.startsWith('hf:') ? parseHubData(file) : undefined;
    return named && named.path === undefined && !file.includes('#') ? `${file}#${CUT_SPLIT}` : file;
  });
}

/** The columns that a format reads, by role; `labels` is none where each label has a column of its own. */
function columnsOf(
  format: string,
  names: Readonly<Record<string, string | undefined>>,
  labels: string | string[] | undefined,
): [role: string, column: string][] {
  const all: Readonly<Record<string, string | undefined>> =
    typeof labels === 'string' ? { ...names, labels } : names;
  return readRoles(format).flatMap((role) => {
    const column = all[role];
    return column === undefined ? [] : [[role, column]];
  });
}

/** The columns that a data set names itself, by role. */
export function namedColumns(root: MapNode): [string, string][] {
  const columns = valueAt(root, 'columns');
  const entries = columns?.type === 'map' ? columns.entries : [];
  return entries.flatMap(({ name, value }) =>
    value.type === 'scalar' && typeof value.value === 'string' ? [[name, value.value]] : [],
  );
}

/** The data set and split that the reference under `path` names; `undefined` where there is none. */
export function dataReference(project: Project, root: MapNode, path: string[]): DataReference | undefined {
  const reference = scalarAt(root, ...path);
  if (typeof reference?.value !== 'string') return undefined;
  const { dataset, split } = splitOfReference(reference.value);
  const { found } = lookup(project, reference.document.file, 'dataset', dataset);
  return found && split !== undefined ? { dataset: resolveDataset(project, found), split } : undefined;
}
