import { ancestry, effective } from '../effective.ts';
import { namedDocuments } from '../named-documents.ts';
import type { Project } from '../project.ts';
import { lookup } from '../reference.ts';
import type { TuneDocument } from '../tree.ts';
import { splitReferences } from './splits.ts';

/** The documents that one takes fields or rows from, or names. */
export function referredDocuments(project: Project, document: TuneDocument): TuneDocument[] {
  const named = namedDocuments(document, effective(project, document));
  return [
    ...ancestry(project, document).ancestors,
    ...named.flatMap(
      ({ node, kind }) => lookup(project, node.document.file, kind, String(node.value)).found ?? [],
    ),
    ...splitReferences(project, document).flatMap(({ dataset }) => dataset ?? []),
  ];
}
