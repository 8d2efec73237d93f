import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isHubReference, parseHubModel } from '../../language/hub-reference.ts';
import { TunebookError } from '../../protocol/error.ts';
import { RUN_FILES } from '../../protocol/run.ts';
import { listRuns } from '../../runs/list.ts';
import { findWorkspace } from '../../runs/workspace.ts';
import { CachedRepository } from '../hub/cache.ts';
import { badReference } from '../hub/hub.ts';

/**
 * The folder that a model reference stands for: a folder itself, `run:NAME[@ID]` (the output of the newest finished
 * run of that name), or `hf:owner/name[@revision]` where the Hugging Face cache of this machine has it.
 * @param from the config file that holds the reference, absolute
 * @param workspace the folder whose runs are meant
 * @throws TunebookError `model/run-not-found`, `model/not-in-cache`
 */
export function resolveBase(base: string, from: string, workspace = findWorkspace(from)): string {
  if (base.startsWith('run:')) return resolveRun(base.slice(4), from, workspace);
  if (isHubReference(base)) return resolveCached(base, ['config.json', 'adapter_config.json']);
  return base;
}

function resolveRun(reference: string, from: string, workspace: string): string {
  const [name, id] = reference.split('@');
  const newest = listRuns(workspace).find(
    (run) =>
      run.kind === 'run' &&
      run.name === name &&
      run.state === 'finished' &&
      (id === undefined || run.id === id),
  );
  if (!newest) {
    throw new TunebookError(
      'model/run-not-found',
      `There is no finished run "${reference}" to take the model from.`,
      {
        hint: `Run it first: tunebook run ${from} ${name}`,
        location: { file: from },
      },
    );
  }
  return join(newest.dir, RUN_FILES.output);
}

/** The folder of a tokenizer: one that is named itself, or one of the Hub in the cache. */
export function resolveTokenizer(reference: string): string {
  return isHubReference(reference) ? resolveCached(reference, ['tokenizer.json', 'vocab.txt']) : reference;
}

function resolveCached(reference: string, markers: readonly string[]): string {
  const named = parseHubModel(reference);
  if (!named) throw badReference(reference);
  const cached = new CachedRepository({ type: 'model', name: named.repo });
  const commit = cached.commitOf(named.revision);
  const snapshot = commit === undefined ? undefined : cached.snapshot(commit);
  if (snapshot !== undefined && markers.some((name) => existsSync(join(snapshot, name)))) return snapshot;
  throw new TunebookError(
    'model/not-in-cache',
    `The model ${reference} is not in the Hugging Face cache of this machine.`,
    {
      hint: `A run or an evaluation that names ${reference} fetches it.`,
      location: { file: cached.folder },
    },
  );
}
