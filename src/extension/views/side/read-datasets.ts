import { readdir, readFile, stat } from 'node:fs/promises';
import type { LanguageHost } from '../../../language/host.ts';
import { loadProject } from '../../../language/load.ts';
import { resolveDataset } from '../../../language/resolve.ts';

/** A `dataset:` document. */
export interface FoundDataset {
  name: string;
  /** The config that holds it, absolute, and its line, from 0. */
  file: string;
  line: number;
  format: string;
  files: { split: string; file: string }[];
  /** In a word, why nothing more is known of it. */
  problem?: string;
}

/** The data sets of configs, in their order. One that has mistakes is listed with its name. */
export async function readDatasets(paths: readonly string[]): Promise<FoundDataset[]> {
  const project = await loadProject(paths, DISK);
  const wanted = new Set(paths);
  return [...project.files.values()]
    .filter(({ path }) => wanted.has(path))
    .flatMap(({ path, text, documents }) =>
      documents
        .filter(({ kind, name }) => kind === 'dataset' && name !== undefined)
        .map((document): FoundDataset => {
          const { name = '' } = document;
          const line = lineOf(text, name);
          try {
            const { files, format } = resolveDataset(project, document);
            const listed = Object.entries(files).flatMap(([split, each]) =>
              each.map((file) => ({ split, file })),
            );
            return { name, file: path, line, format, files: listed };
          } catch {
            // Not valid: the editor says what is wrong with it.
            return { name, file: path, line, format: '', files: [], problem: 'has mistakes' };
          }
        }),
    );
}

function lineOf(text: string, name: string): number {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => /^(---\s+)?dataset\s*:/.test(line) && line.includes(name));
  return Math.max(0, at);
}

/** Files alone are asked for: nothing is checked here. */
const DISK: LanguageHost = {
  readFile: (path) => readFile(path).catch(() => undefined),
  stat: (path) =>
    stat(path).then(
      (found) => (found.isDirectory() ? 'folder' : 'file'),
      () => undefined,
    ),
  listDirectory: async (path) => {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    return entries.map((entry) => ({ name: entry.name, kind: entry.isDirectory() ? 'folder' : 'file' }));
  },
};
