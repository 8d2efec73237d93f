import { isWhole } from '../validate/missing.ts';
import type { Project } from '../project.ts';
import type { TuneDocument, TuneFile } from '../tree.ts';
import type { NotebookCell } from './notebook.ts';

/** The documents of a cell, in their order. */
export function documentsOf(file: TuneFile, cell: NotebookCell): TuneDocument[] {
  return file.documents.filter(({ start }) => cell.content.start <= start && start < cell.content.end);
}

/** Those that something can be done with: they have a kind and a name, and do not merely hold fields for others. */
export function runnableDocuments(project: Project, file: TuneFile, cell: NotebookCell): TuneDocument[] {
  return documentsOf(file, cell).filter(
    (document) => document.kind !== undefined && document.name !== undefined && isWhole(project, document),
  );
}

/** What people call a cell: the name of its first document that has one, else its number from 1. */
export function cellName(file: TuneFile, cell: NotebookCell): string {
  return documentsOf(file, cell).find(({ name }) => name !== undefined)?.name ?? `cell ${cell.index + 1}`;
}
