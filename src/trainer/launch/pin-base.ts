import type { ResolvedRun } from '../../language/resolved.ts';
import { resolveBase } from '../checkpoint/resolve-base.ts';

/**
 * Puts the folder in place of a base that is named `run:NAME`: "the newest finished run" may be another one by the time this run
 * is resumed.
 * @param workspace the folder whose runs are meant
 * @throws TunebookError `model/run-not-found`
 */
export function pinBase(run: ResolvedRun, workspace: string): ResolvedRun {
  if (!run.model.base.startsWith('run:')) return run;
  return { ...run, model: { ...run.model, base: resolveBase(run.model.base, run.file, workspace) } };
}
