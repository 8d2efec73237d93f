import type { TuneFile } from './tree.ts';
import type { ParseCache, Project } from './project.ts';
import type { LanguageHost } from './host.ts';
import { stringAt, stringsOf, valueAt } from './node.ts';
import { parse } from './parse.ts';
import { decodeText } from './decode-text.ts';
import { dirname, resolvePath } from './path.ts';
import { namedDocuments } from './named-documents.ts';
import { splitReference } from './reference.ts';

/** Whether a path is that of a config: `*.tune.yaml` or `*.tune.yml`. */
export function isConfigPath(path: string): boolean {
  return /\.tune\.ya?ml$/.test(path);
}

/**
 * Reads config files, their neighbours in the same folders, and every file that one of them names in `FILE#NAME`.
 * Never throws for a file that cannot be read: see {@link Project.unreadable}.
 * @throws the signal's reason when aborted
 */
export async function loadProject(
  paths: readonly string[],
  host: LanguageHost,
  cache: ParseCache = new Map(),
  signal?: AbortSignal,
): Promise<Project> {
  const environment = host.environment?.();
  const project: Project = {
    files: new Map(),
    unreadable: new Map(),
    ...(environment && { environment }),
    ...(host.workspaceOf && { workspaceOf: (file) => host.workspaceOf?.(file) }),
  };
  const asked = new Set<string>();
  const folders = new Set<string>();
  let open = [...paths];
  while (open.length > 0) {
    const next: string[] = [];
    for (const path of open) {
      if (asked.has(path)) continue;
      asked.add(path);
      signal?.throwIfAborted();
      const file = await loadFile(path, host, cache, project);
      if (file) next.push(...namedFiles(file));
      const folder = dirname(path);
      if (folders.has(folder)) continue;
      folders.add(folder);
      signal?.throwIfAborted();
      for (const entry of await host.listDirectory(folder)) {
        if (entry.kind === 'file' && isConfigPath(entry.name)) next.push(resolvePath(folder, entry.name));
      }
    }
    open = next;
  }
  return project;
}

async function loadFile(
  path: string,
  host: LanguageHost,
  cache: ParseCache,
  project: Project,
): Promise<TuneFile | undefined> {
  let text: string | undefined;
  try {
    const content = await host.readFile(path);
    text = typeof content === 'object' ? decodeText(content) : content;
    if (text === undefined) project.unreadable.set(path, 'There is no such file.');
  } catch (error) {
    project.unreadable.set(path, error instanceof Error ? error.message : 'It cannot be read.');
  }
  if (text === undefined) return undefined;
  const cached = cache.get(path);
  const file = cached?.text === text ? cached : parse(path, text, cached);
  cache.set(path, file);
  project.files.set(path, file);
  return file;
}

/** A file never changes once it is parsed. */
const named = new WeakMap<TuneFile, readonly string[]>();

/** The files that a file's references name. */
function namedFiles(file: TuneFile): readonly string[] {
  const known = named.get(file) ?? findNamedFiles(file);
  named.set(file, known);
  return known;
}

function findNamedFiles(file: TuneFile): string[] {
  return file.documents.flatMap((document) => {
    const { root } = document;
    const references = [
      stringAt(root, 'extends'),
      ...stringsOf(valueAt(root, 'data')).map(({ value }) => value),
      stringAt(root, 'data', 'train'),
      stringAt(root, 'data', 'eval'),
      stringAt(root, 'examples', 'data'),
      ...namedDocuments(document).map(({ node }) => String(node.value)),
    ];
    return references.flatMap((reference) => {
      const path = reference === undefined ? undefined : splitReference(reference).path;
      return path ? [resolvePath(dirname(file.path), path)] : [];
    });
  });
}
