import type { Project } from './project.ts';
import type { TuneDocument, TuneFile } from './tree.ts';

/** What makes two documents the same though their file was read at different times. It holds on to no file. */
export interface DocumentIdentity {
  path: string;
  source: string;
  copy: number;
}

export function identityOf({ file, source, copy }: TuneDocument): DocumentIdentity {
  return { path: file.path, source, copy };
}

/** The same as one text. */
export function identityText(document: TuneDocument): string {
  let text = texts.get(document);
  if (text === undefined) {
    text = `${document.file.path}\0${document.copy}\0${document.source}`;
    texts.set(document, text);
  }
  return text;
}

const texts = new WeakMap<TuneDocument, string>();

const bySource = new WeakMap<TuneFile, Map<string, TuneDocument[]>>();

/** The document of a project that stands in the same file as one of an earlier project, and holds the same text. */
export function sameDocument(
  project: Project,
  { path, source, copy }: DocumentIdentity,
): TuneDocument | undefined {
  const now = project.files.get(path);
  if (!now) return undefined;
  let known = bySource.get(now);
  if (!known) {
    known = new Map();
    for (const each of now.documents) {
      const same = known.get(each.source);
      if (same) same.push(each);
      else known.set(each.source, [each]);
    }
    bySource.set(now, known);
  }
  return known.get(source)?.find((each) => each.copy === copy);
}
