import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { TunebookError } from '../../protocol/error.ts';
import { RUN_FILES } from '../../protocol/run.ts';
import { listRuns } from '../../runs/list.ts';
import { findWorkspace } from '../../runs/workspace.ts';

/**
 * The folder that a model reference stands for: a folder itself, `run:NAME[@ID]` (the output of the newest finished
 * run of that name), or `hf:owner/name[@revision]` where the Hugging Face cache of this machine has it.
 * @param from the config file that holds the reference, absolute
 * @param workspace the folder whose runs are meant
 * @throws TunebookError `model/run-not-found`, `model/not-in-cache`
 */
export function resolveBase(base: string, from: string, workspace = findWorkspace(from)): string {
  if (base.startsWith('run:')) return resolveRun(base.slice(4), from, workspace);
  if (base.startsWith('hf:')) return resolveCached(base.slice(3));
  return base;
}

function resolveRun(reference: string, from: string, workspace: string): string {
  const [name, id] = reference.split('@');
  const finished = listRuns(workspace).filter(
    (run) =>
      run.kind === 'run' &&
      run.name === name &&
      run.state === 'finished' &&
      (id === undefined || run.id === id),
  );
  const newest = finished.sort((a, b) => a.createdAt.localeCompare(b.createdAt)).at(-1);
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

/** Where huggingface_hub keeps what it downloaded, by the environment variables that it reads. */
function cacheFolder(): string {
  const { HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME } = process.env;
  if (HF_HUB_CACHE) return HF_HUB_CACHE;
  return join(HF_HOME ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'huggingface'), 'hub');
}

function resolveCached(reference: string): string {
  const [name = '', revision = 'main'] = reference.split('@');
  const repository = join(cacheFolder(), `models--${name.replaceAll('/', '--')}`);
  const ref = join(repository, 'refs', revision);
  const commit = existsSync(ref) ? readFileSync(ref, 'utf8').trim() : revision;
  const snapshot = join(repository, 'snapshots', commit);
  if (existsSync(join(snapshot, 'config.json'))) return snapshot;
  throw new TunebookError(
    'model/not-in-cache',
    `The model hf:${reference} is not in the Hugging Face cache of this machine.`,
    {
      hint: `Download it once with: hf download ${name}${revision === 'main' ? '' : ` --revision ${revision}`}, or give a folder.`,
      location: { file: dirname(repository) },
    },
  );
}
