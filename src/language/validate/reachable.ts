import { ancestry, effective } from '../effective.ts';
import { namedDocuments } from '../named-documents.ts';
import type { Project } from '../project.ts';
import { lookup } from '../reference.ts';
import type { TuneDocument } from '../tree.ts';
import { splitReferences } from './splits.ts';

/** Some documents, and all that those take fields or rows from. */
export function reachableDocuments(project: Project, documents: readonly TuneDocument[]): TuneDocument[] {
  const reached = new Set(documents);
  for (const document of reached) {
    for (const ancestor of ancestry(project, document).ancestors) reached.add(ancestor);
    for (const { node, kind } of namedDocuments(document, effective(project, document))) {
      const { found } = lookup(project, node.document.file, kind, String(node.value));
      if (found) reached.add(found);
    }
    for (const { dataset } of splitReferences(project, document)) if (dataset) reached.add(dataset);
  }
  return [...reached];
}
