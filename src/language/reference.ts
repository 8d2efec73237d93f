import { dirname, relativePath, resolvePath } from './path.ts';
import { wholeOf, type Project, type ProjectTrace } from './project.ts';
import type { TuneDocument, TuneFile } from './tree.ts';
import { identityText } from './same-document.ts';
import type { Kind } from './schema/kinds.ts';

/** `FILE#NAME` or `NAME`, taken apart. */
export function splitReference(reference: string): { path: string | undefined; name: string } {
  const hash = reference.indexOf('#');
  if (hash < 0) return { path: undefined, name: reference };
  return { path: reference.slice(0, hash), name: reference.slice(hash + 1) };
}

/** `[FILE#]DATASET.SPLIT`, taken apart at its last dot; without a dot there is no split. */
export function splitOfReference(reference: string): { dataset: string; split: string | undefined } {
  const dot = reference.lastIndexOf('.');
  if (dot <= reference.indexOf('#')) return { dataset: reference, split: undefined };
  return { dataset: reference.slice(0, dot), split: reference.slice(dot + 1) };
}

/** The folder of a file; many references are read from the same one. */
const folderOfFile = new WeakMap<TuneFile, string>();

function folderOf(file: TuneFile): string {
  let folder = folderOfFile.get(file);
  if (folder === undefined) folderOfFile.set(file, (folder = dirname(file.path)));
  return folder;
}

/** What a reference leads to, or why it leads nowhere. */
export type Lookup =
  | { found: TuneDocument }
  | { found?: undefined; reason: 'no-file'; path: string }
  | { found?: undefined; reason: 'none'; candidates: string[] }
  | { found?: undefined; reason: 'many'; candidates: string[] };

/**
 * Finds the document of a kind that a reference names: in the named file, else in the same file, else in the files of
 * the same folder. `candidates` are what could be written instead.
 */
export function lookup(project: Project, from: TuneFile, kind: Kind, reference: string): Lookup {
  const answer = find(wholeOf(project), from, kind, reference);
  if (project.view) noteLookup(project.view.trace, from, kind, reference, answer);
  return answer;
}

function noteLookup(
  trace: ProjectTrace,
  { path }: TuneFile,
  kind: Kind,
  reference: string,
  { found }: Lookup,
): void {
  // What could be written instead depends on all names.
  if (!found) return trace.spoil();
  trace.document(found);
  trace.answer(
    `${kind} ${reference} of ${path}`,
    (project) => {
      const file = project.files.get(path);
      const now = file && lookup(project, file, kind, reference).found;
      return now && identityText(now);
    },
    identityText(found),
  );
}

function find(project: Project, from: TuneFile, kind: Kind, reference: string): Lookup {
  const { path, name } = splitReference(reference);
  if (path !== undefined) {
    const absolute = resolvePath(folderOf(from), path);
    const file = absolute === from.path ? from : project.files.get(absolute);
    if (!file) return { reason: 'no-file', path: absolute };
    const found = named(file, kind, name);
    if (found) return { found };
    const documents = file.documents.filter((each) => each.kind === kind && each.name !== undefined);
    return { reason: 'none', candidates: documents.map((each) => `${path}#${each.name ?? ''}`) };
  }
  const here = named(from, kind, name);
  if (here) return { found: here };
  const folder = folderOf(from);
  const matches = inFolder(project, folder).named.get(`${kind}: ${name}`) ?? [];
  if (matches.length > 1) return { reason: 'many', candidates: matches.map((each) => qualified(from, each)) };
  const [found] = matches;
  if (found) return { found };
  const others = scope(project, from, kind);
  return { reason: 'none', candidates: [...new Set(others.map((each) => each.name ?? ''))] };
}

/** The files of a folder whose names are shared, and the first document of each kind and name in each of them. */
interface Folder {
  files: TuneFile[];
  named: Map<string, TuneDocument[]>;
}

/** A project never changes once it is loaded. */
const folders = new WeakMap<Project, Map<string, Folder>>();

function inFolder(project: Project, folder: string): Folder {
  let known = folders.get(project);
  if (!known) {
    known = byFolder(project);
    folders.set(project, known);
  }
  return known.get(folder) ?? { files: [], named: new Map() };
}

/** Names of a notebook are its own: it may tell the story of a config with the names of that. */
function byFolder(project: Project): Map<string, Folder> {
  const found = new Map<string, Folder>();
  for (const file of project.files.values()) {
    if (file.notebook) continue;
    const path = folderOf(file);
    const folder = found.get(path) ?? { files: [], named: new Map<string, TuneDocument[]>() };
    found.set(path, folder);
    folder.files.push(file);
    for (const [id, document] of indexOf(file)) {
      const namesakes = folder.named.get(id);
      if (namesakes) namesakes.push(document);
      else folder.named.set(id, [document]);
    }
  }
  return found;
}

/** The documents of a file by kind and name; a file never changes once it is parsed. */
const indexes = new WeakMap<TuneFile, Map<string, TuneDocument>>();

/** The first document of that kind and name in a file. */
function named(file: TuneFile, kind: Kind, name: string): TuneDocument | undefined {
  return indexOf(file).get(`${kind}: ${name}`);
}

function indexOf(file: TuneFile): ReadonlyMap<string, TuneDocument> {
  let index = indexes.get(file);
  if (!index) {
    const named = file.documents.filter((each) => each.kind !== undefined && each.name !== undefined);
    index = new Map(named.reverse().map((each) => [`${each.kind ?? ''}: ${each.name ?? ''}`, each]));
    indexes.set(file, index);
  }
  return index;
}

/** `FILE#NAME` as it is written in `from`. */
export function qualified(from: TuneFile, document: TuneDocument): string {
  return `${relativePath(folderOf(from), document.file.path)}#${document.name ?? ''}`;
}

/** All documents of a kind in the files of a folder, those of `file` first. */
export function documentsInScope(project: Project, file: TuneFile, kind: Kind): TuneDocument[] {
  const found = scope(wholeOf(project), file, kind);
  const { path } = file;
  project.view?.trace.answer(
    `each ${kind} of ${path}`,
    (now) => {
      const again = now.files.get(path);
      return again && scope(now, again, kind).map(identityText).join('\0\0');
    },
    found.map(identityText).join('\0\0'),
  );
  return found;
}

function scope(project: Project, file: TuneFile, kind: Kind): TuneDocument[] {
  const files = inFolder(project, folderOf(file)).files.filter((each) => each !== file);
  return [file, ...files].flatMap((each) =>
    each.documents.filter((document) => document.kind === kind && document.name !== undefined),
  );
}
