import { dirname, relativePath, resolvePath } from './path.ts';
import type { Project } from './project.ts';
import type { TuneDocument, TuneFile } from './tree.ts';
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
  const { path, name } = splitReference(reference);
  if (path !== undefined) {
    const absolute = resolvePath(dirname(from.path), path);
    const file = absolute === from.path ? from : project.files.get(absolute);
    if (!file) return { reason: 'no-file', path: absolute };
    const found = find(file, kind, name);
    if (found) return { found };
    const documents = file.documents.filter((each) => each.kind === kind && each.name !== undefined);
    return { reason: 'none', candidates: documents.map((each) => `${path}#${each.name ?? ''}`) };
  }
  const here = find(from, kind, name);
  if (here) return { found: here };
  const folder = dirname(from.path);
  const matches = [...project.files.values()].flatMap((file) =>
    isNeighbour(file, folder) ? (find(file, kind, name) ?? []) : [],
  );
  if (matches.length > 1) return { reason: 'many', candidates: matches.map((each) => qualified(from, each)) };
  const [found] = matches;
  if (found) return { found };
  const scope = documentsInScope(project, from, kind);
  return { reason: 'none', candidates: [...new Set(scope.map((each) => each.name ?? ''))] };
}

/** Names of a notebook are its own: it may tell the story of a config with the names of that. */
function isNeighbour(file: TuneFile, folder: string): boolean {
  return !file.notebook && dirname(file.path) === folder;
}

/** The documents of a file by kind and name; a file never changes once it is parsed. */
const indexes = new WeakMap<TuneFile, Map<string, TuneDocument>>();

/** The first document of that kind and name in a file. */
function find(file: TuneFile, kind: Kind, name: string): TuneDocument | undefined {
  let index = indexes.get(file);
  if (!index) {
    const named = file.documents.filter((each) => each.kind !== undefined && each.name !== undefined);
    index = new Map(named.reverse().map((each) => [`${each.kind ?? ''}: ${each.name ?? ''}`, each]));
    indexes.set(file, index);
  }
  return index.get(`${kind}: ${name}`);
}

/** `FILE#NAME` as it is written in `from`. */
export function qualified(from: TuneFile, document: TuneDocument): string {
  return `${relativePath(dirname(from.path), document.file.path)}#${document.name ?? ''}`;
}

/** All documents of a kind in the files of a folder, those of `file` first. */
export function documentsInScope(project: Project, file: TuneFile, kind: Kind): TuneDocument[] {
  const folder = dirname(file.path);
  const files = [...project.files.values()].filter((each) => each !== file && isNeighbour(each, folder));
  return [file, ...files].flatMap((each) =>
    each.documents.filter((document) => document.kind === kind && document.name !== undefined),
  );
}
