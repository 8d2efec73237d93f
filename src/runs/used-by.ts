import { sep } from 'node:path';
import type { RunSummary } from '../protocol/run.ts';
import { maskOf } from './environment.ts';
import { readManifest } from './read.ts';

/** The runs that began with a model in a folder: the output of a run, say. */
export function usedBy(folder: string, runs: readonly RunSummary[]): RunSummary[] {
  return runs.filter(({ dir }) => {
    const { manifest } = readManifest(dir);
    const base = maskOf(manifest?.environment?.masked ?? []).unmask(manifest?.model?.base);
    return dir !== folder && base !== undefined && (base === folder || base.startsWith(folder + sep));
  });
}
