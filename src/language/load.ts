import { TunebookError } from '../protocol/error.ts';
import type { TuneFile } from './tree.ts';
import { NO_SUCH_FILE, type ParseCache, type Project, type Unreadable } from './project.ts';
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
    const fresh = [...new Set(open)].filter((path) => !asked.has(path));
    // All at once: a folder of many configs would otherwise wait for the disk as many times.
    const texts = await Promise.all(fresh.map((path) => readText(path, host)));
    for (const [index, path] of fresh.entries()) {
      asked.add(path);
      signal?.throwIfAborted();
      const file = keepFile(path, texts[index], cache, project);
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

/** The text of a file, or why there is none. */
async function readText(path: string, host: LanguageHost): Promise<{ text: string } | Unreadable> {
  try {
    const content = await host.readFile(path);
    const text = typeof content === 'object' ? decodeText(content) : content;
    return text === undefined ? NO_SUCH_FILE : { text };
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'It cannot be read.';
    return { reason, hint: (error instanceof TunebookError ? error.hint : undefined) ?? 'Check the path.' };
  }
}

function keepFile(
  path: string,
  read: { text: string } | Unreadable | undefined,
  cache: ParseCache,
  project: Project,
): TuneFile | undefined {
  if (!read) return undefined;
  if ('reason' in read) {
    project.unreadable.set(path, read);
    return undefined;
  }
  const { text } = read;
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

/** A `#` that begins no comment, or may stand in a text that is written with escapes. */
const MAY_NAME_A_FILE = /[^\s]#|["'|>][^]*#|\\/;

function findNamedFiles(file: TuneFile): string[] {
  return file.documents
    .filter(({ source }) => MAY_NAME_A_FILE.test(source))
    .flatMap((document) => {
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
