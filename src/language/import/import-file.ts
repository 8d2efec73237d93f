import { TunebookError } from '../../protocol/error.ts';
import { decodeText } from '../decode-text.ts';
import type { LanguageHost } from '../host.ts';
import { basename, dirname, relativePath, resolvePath } from '../path.ts';
import { COMMAND_FILES, configsNamedIn, type NamedFile } from './command.ts';
import { importConfig, type Imported, type ImportOptions } from './import-config.ts';
import type { Tool } from './detect.ts';
import { codeOf, NOTEBOOK_FILES, SCRIPT_FILES } from './notebook-code.ts';

/** Where an import reads and what it is for. Paths are absolute. */
export interface ImportFileOptions {
  /** The config or the script of the other tool. */
  file: string;
  /** The folder that the new config will lie in. */
  folder: string;
  /** Folders that the other tool may be started in: its paths are relative to one of them. The first that fits counts. */
  roots: readonly string[];
  tool?: Tool | undefined;
}

/**
 * Reads a config of another tool and turns it into one of ours, with the paths of what lies on disk.
 * @throws TunebookError `import/unreadable`, `import/syntax`, `import/unknown-tool`
 */
export async function importFile(host: LanguageHost, options: ImportFileOptions): Promise<Imported> {
  const { file } = options;
  try {
    return await importText(host, options, await readText(host, file));
  } catch (error) {
    throw error instanceof TunebookError ? locatedIn(file, error) : error;
  }
}

/** An import calls its file by its name alone; whoever is told of a fault is led to where it lies. */
function locatedIn(file: string, { code, message, hint, location, cause }: TunebookError): TunebookError {
  const where = location?.file === basename(file) ? { ...location, file } : location;
  return new TunebookError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    ...(where ? { location: where } : {}),
    cause,
  });
}

async function importText(host: LanguageHost, options: ImportFileOptions, text: string): Promise<Imported> {
  const { file, folder, roots, tool } = options;
  const registry = await findRegistry(host, dirname(file));
  const named = await readNamed(host, options, text);
  const convert = (onDisk: ImportOptions['paths']['onDisk']) =>
    importConfig(text, {
      file: basename(file),
      tool,
      paths: { onDisk },
      registry,
      named: (path) => named.get(path),
    });
  // What lies on disk is only known once the config has said what it is interested in.
  const asked = new Set<string>();
  convert((path) => void asked.add(path));
  const found = new Map<string, string>();
  for (const path of asked) {
    for (const root of roots) {
      const full = resolvePath(root, path);
      if ((await host.stat(full)) === undefined) continue;
      found.set(path, /^([/\\]|[A-Za-z]:)/.test(path) ? path : relativePath(folder, full));
      break;
    }
  }
  return convert((path) => found.get(path));
}

/** The configs that the commands of a file name, by the path that stands there: in its own folder, or in one that they may be started in. */
async function readNamed(
  host: LanguageHost,
  { file, roots }: ImportFileOptions,
  text: string,
): Promise<Map<string, NamedFile>> {
  const found = new Map<string, NamedFile>();
  if (!COMMAND_FILES.test(file) && !SCRIPT_FILES.test(file)) return found;
  for (const path of configsNamedIn(codeOf(text, file))) {
    for (const root of new Set([dirname(file), ...roots])) {
      const full = resolvePath(root, path);
      if (found.has(path) || (await host.stat(full)) !== 'file') continue;
      found.set(path, { file: path, text: await readText(host, full) });
    }
  }
  return found;
}

/** Configs, scripts and lists of data sets have some thousand characters; what is far larger is something else. */
const LARGEST = 2_000_000;

/** Notebooks hold pictures. */
const LARGEST_NOTEBOOK = 50_000_000;

function tooLarge(file: string, size: number): TunebookError {
  return new TunebookError(
    'import/too-large',
    `${basename(file)} has ${(size / 1e6).toFixed(1)} MB, and no config of a training is that long.`,
    { hint: 'Name the config or the script to import.', location: { file } },
  );
}

async function readText(host: LanguageHost, file: string): Promise<string> {
  try {
    const content = await host.readFile(file);
    const largest = NOTEBOOK_FILES.test(file) ? LARGEST_NOTEBOOK : LARGEST;
    if (content !== undefined && content.length > largest) throw tooLarge(file, content.length);
    if (content !== undefined) return typeof content === 'string' ? content : decodeText(content);
  } catch (error) {
    if (error instanceof TunebookError && error.code === 'import/too-large') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new TunebookError('import/unreadable', `${basename(file)} cannot be read. ${reason}`, {
      hint: (error instanceof TunebookError ? error.hint : undefined) ?? 'Name a text file.',
      location: { file },
      cause: error,
    });
  }
  throw new TunebookError('import/unreadable', `There is no file ${basename(file)}.`, {
    hint: 'Name the config or the script to import.',
    location: { file },
  });
}

/** LLaMA-Factory's list of data sets: in `data/` of the folder that it is started in, somewhere above the config. */
async function findRegistry(host: LanguageHost, from: string): Promise<Record<string, unknown> | undefined> {
  for (let folder = from; ; folder = dirname(folder)) {
    for (const name of ['data/dataset_info.json', 'dataset_info.json']) {
      const path = resolvePath(folder, name);
      if ((await host.stat(path)) === 'file') return parseRegistry(await readText(host, path), path);
    }
    if ((await host.stat(resolvePath(folder, '.git'))) !== undefined || dirname(folder) === folder)
      return undefined;
  }
}

function parseRegistry(text: string, file: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) return Object.fromEntries(Object.entries(parsed));
  } catch (error) {
    throw new TunebookError('import/syntax', `This list of data sets is no valid JSON: ${String(error)}.`, {
      hint: 'Correct it: it says what the names of the data sets mean.',
      location: { file },
      cause: error,
    });
  }
  return {};
}
