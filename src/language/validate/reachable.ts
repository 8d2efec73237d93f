import { ancestry } from '../effective.ts';
import type { Project } from '../project.ts';
import type { TuneDocument, TuneFile } from '../tree.ts';
import { splitReferences } from './splits.ts';

/** The documents of some files, and all that those take fields or rows from. */
export function reachableDocuments(project: Project, files: readonly TuneFile[]): TuneDocument[] {
  const reached = new Set(files.flatMap(({ documents }) => documents));
  for (const document of reached) {
    for (const ancestor of ancestry(project, document).ancestors) reached.add(ancestor);
    for (const { dataset } of splitReferences(project, document)) if (dataset) reached.add(dataset);
  }
  return [...reached];
}
