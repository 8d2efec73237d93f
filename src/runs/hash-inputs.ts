import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { relative } from 'node:path';
import type { DocumentInputs } from '../protocol/notebook.ts';
import { canonicalJson } from './canonical-json.ts';
import { remembered } from './remembered.ts';

/** Files of a model folder that decide what is computed. */
const MODEL_FILES = /\.(json|txt|model|jinja|safetensors)$/;

/** Characters of the hash: short enough to be read in a diff, long enough not to repeat. */
const LENGTH = 12;

/** What was found out about files, by path, size and time: a data file is read again only when it has changed. */
export type HashCache = Map<string, Promise<string>>;

/** Files and folders that were looked at, by their paths. */
export class Looked {
  readonly files = new Map<string, Promise<string>>();
  readonly folders = new Map<string, string[]>();
}

export interface HashOptions {
  /** The folder of the notebook: paths in the hash are relative to it, so that every machine gets the same. */
  folder: string;
  /** The id of the run, or of the evaluation, that a name stands for now. */
  runId: (name: string, kind: 'run' | 'evaluate') => string | undefined;
  cache?: HashCache;
  /** What was found out about files a moment ago, for who hashes the inputs of many cells at once. */
  looked?: Looked;
}

/** One short hash of all that the documents of a cell depend on. A file that is missing counts as such. */
export async function hashInputs(
  documents: readonly DocumentInputs[],
  { folder, runId, cache = new Map(), looked = new Looked() }: HashOptions,
): Promise<string> {
  const files = new Set(documents.flatMap((document) => document.files));
  const folders = new Set(documents.flatMap((document) => document.folders));
  const runs = new Set(documents.flatMap((document) => document.runs));
  const evaluations = new Set(documents.flatMap((document) => document.evaluations));
  const hashes: [string, string][] = [];
  for (const path of files)
    hashes.push([named(folder, path), await remembered(looked.files, path, () => hashFile(path, cache))]);
  const value = {
    documents: documents.map(({ kind, config }) => ({ kind, config })),
    files: Object.fromEntries(hashes),
    folders: Object.fromEntries(
      [...folders].map((path) => [named(folder, path), remembered(looked.folders, path, listModel)]),
    ),
    runs: Object.fromEntries([...runs].map((name) => [name, runId(name, 'run') ?? null])),
    // Left out where there are none: results of before there were any keep their hash.
    ...(evaluations.size > 0 && {
      evaluations: Object.fromEntries(
        [...evaluations].map((name) => [name, runId(name, 'evaluate') ?? null]),
      ),
    }),
  };
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, LENGTH);
}

function named(folder: string, path: string): string {
  return relative(folder, path).replaceAll('\\', '/');
}

/** Sha256 of a file's bytes; `missing` where it cannot be read. */
function hashFile(path: string, cache: HashCache): Promise<string> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile()) return Promise.resolve('missing');
  const key = `${path}\n${stat.size}\n${stat.mtimeMs}`;
  let known = cache.get(key);
  if (!known) {
    known = readHash(path);
    cache.set(key, known);
  }
  return known;
}

async function readHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      // SAFETY: a stream without an encoding gives buffers.
      hash.update(chunk as Buffer);
    }
  } catch {
    return 'missing';
  }
  return hash.digest('hex');
}

/** Names and sizes: a model of many gigabytes is not read for a mark in an editor. */
function listModel(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => MODEL_FILES.test(name))
      .sort()
      .map((name) => `${name} ${statSync(`${folder}/${name}`).size}`);
  } catch {
    return [];
  }
}
