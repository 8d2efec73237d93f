import { splitNames } from '../data-params.ts';
import type { Project } from '../project.ts';
import { documentsInScope, lookup } from '../reference.ts';
import { schemaAt, schemaOf } from '../schema/navigate.ts';
import type { TuneDocument } from '../tree.ts';

/**
 * A split for a field that is missing and takes one, where a data set in reach has it: the training split for
 * `data.train`, the test split for an evaluation.
 */
export function suggestSplit(
  project: Project,
  { file, kind }: TuneDocument,
  missing: readonly string[],
): { path: string[]; text: string } | undefined {
  if (!kind) return undefined;
  const path = [missing, [...missing, 'train']].find(
    (each) => schemaAt(schemaOf(kind), each)?.['x-reference'] === 'split',
  );
  if (!path) return undefined;
  const wanted = path.at(-1) === 'train' ? 'train' : 'test';
  for (const dataset of documentsInScope(project, file, 'dataset')) {
    const { name = '' } = dataset;
    if (lookup(project, file, 'dataset', name).found !== dataset) continue;
    if (splitNames(project, dataset).includes(wanted)) return { path: [...path], text: `${name}.${wanted}` };
  }
  return undefined;
}
