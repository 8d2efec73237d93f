import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { RUN_FILES, type RunSummary } from '../protocol/run.ts';
import { folderBytes } from './folder-bytes.ts';
import { usedBy } from './used-by.ts';

/** A model on this machine that a run can begin with. */
export interface FoundModel {
  /** What a config calls it: a folder, `hf:owner/name`, or `run:NAME@ID`. */
  reference: string;
  name: string;
  /** Absolute. */
  folder: string;
  bytes: number;
  /** `model_type` of its config, or `adapter` and what it was trained on. */
  kind: string;
  /** Ids of the runs that began with it. */
  usedBy: string[];
}

/** The results of runs that are there still, newest first. */
export function modelsOfRuns(runs: readonly RunSummary[]): FoundModel[] {
  return runs
    .filter(({ kind, state }) => kind === 'run' && state === 'finished')
    .flatMap(({ id, name, dir }) => {
      const folder = join(dir, RUN_FILES.output);
      return describe(folder, `run:${name}@${id}`, name, runs) ?? [];
    });
}

/** Models among folders: those with a `config.json` and weights. */
export function modelsInFolders(folders: readonly string[], runs: readonly RunSummary[]): FoundModel[] {
  return folders.flatMap((folder) => describe(folder, folder, basename(folder), runs) ?? []);
}

/**
 * Models in the cache of huggingface_hub: `models--owner--name/snapshots/<commit>/`. Of several commits the one that `refs/main`
 * names, or the last.
 */
export function modelsInHubCache(cache: string, runs: readonly RunSummary[]): FoundModel[] {
  return namesIn(cache)
    .filter((name) => name.startsWith('models--'))
    .sort()
    .flatMap((entry) => {
      const name = entry.slice('models--'.length).replaceAll('--', '/');
      const commits = namesIn(join(cache, entry, 'snapshots'));
      const main = readText(join(cache, entry, 'refs', 'main'))?.trim();
      const commit = main !== undefined && commits.includes(main) ? main : commits.at(-1);
      if (commit === undefined) return [];
      const folder = join(cache, entry, 'snapshots', commit);
      const found = describe(folder, `hf:${name}`, name, runs);
      // The files of a snapshot are links into `blobs`.
      return found ? { ...found, bytes: folderBytes(join(cache, entry, 'blobs')) || found.bytes } : [];
    });
}

function describe(
  folder: string,
  reference: string,
  name: string,
  runs: readonly RunSummary[],
): FoundModel | undefined {
  const files = namesIn(folder);
  const isModel = files.includes('config.json') || files.includes('adapter_config.json');
  if (!isModel || !files.some((file) => /\.(safetensors|bin|onnx)$/.test(file))) return undefined;
  return {
    reference,
    name,
    folder,
    bytes: folderBytes(folder),
    kind: kindOf(folder),
    usedBy: usedBy(folder, runs).map(({ id }) => id),
  };
}

function kindOf(folder: string): string {
  const adapter = readJson(join(folder, 'adapter_config.json'));
  if (adapter) {
    const base = adapter['base_model_name_or_path'];
    return `adapter of ${typeof base === 'string' ? basename(base) : 'a model'}`;
  }
  const type = readJson(join(folder, 'config.json'))?.['model_type'];
  return typeof type === 'string' ? type : 'unknown type';
}

function readJson(path: string): Record<string, unknown> | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function readText(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
