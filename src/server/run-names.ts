import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_FILES } from '../protocol/run.ts';
import { listRunDirectories } from '../runs/list.ts';
import { readManifest } from '../runs/read.ts';
import { findWorkspace } from '../runs/workspace.ts';

/** Finds the names of finished runs. What a run directory says of itself never changes, so it is read once. */
export class RunNames {
  /** The name of the training run in a directory; `undefined` for evaluations and for what cannot be read. */
  readonly #names = new Map<string, string | undefined>();

  /** Names of the runs that have an output, in the workspace of a config; newest first. */
  find(configFile: string): string[] {
    const directories = listRunDirectories(findWorkspace(configFile));
    const finished = directories.filter((dir) => existsSync(join(dir, RUN_FILES.output)));
    return [...new Set(finished.flatMap((dir) => this.#nameOf(dir) ?? []))];
  }

  #nameOf(dir: string): string | undefined {
    if (!this.#names.has(dir)) {
      const { manifest } = readManifest(dir);
      this.#names.set(dir, manifest?.kind === 'run' ? manifest.name : undefined);
    }
    return this.#names.get(dir);
  }
}
