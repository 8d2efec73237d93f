import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { editDistance, nearest } from '../../language/nearest.ts';
import { TunebookError } from '../../protocol/error.ts';
import { hubCacheFolder } from '../../runs/hub-cache.ts';
import { listRuns } from '../../runs/list.ts';
import { modelsInHubCache, modelsOfRuns } from '../../runs/models.ts';
import { resolveBase } from '../checkpoint/resolve-base.ts';
import { list } from '../data/problem.ts';
import { describeEnd } from '../evaluate/find-run.ts';
import { shortPath } from '../terminal/describe-error.ts';

/** Models that are named where there is none of the name that was asked for. */
const NAMED = 6;

/**
 * The folder of a model that a person names on the command line: a folder, or `run:NAME[@ID]`.
 * @throws TunebookError `model/run-not-found`, `model/missing`: both with the models that there are, the nearest names first
 */
export function findModel(reference: string, workspace: string): string {
  if (!reference.startsWith('run:')) {
    const folder = resolve(reference);
    if (existsSync(folder)) return folder;
    throw new TunebookError('model/missing', `There is no model folder ${folder}.`, {
      hint: whatThereIs(reference, workspace),
    });
  }
  try {
    return resolveBase(reference, workspace, workspace);
  } catch (error) {
    if (!(error instanceof TunebookError) || error.code !== 'model/run-not-found') throw error;
    throw noModelOf(reference, workspace, error);
  }
}

/** Why a run has no model to give, and which there are. */
function noModelOf(reference: string, workspace: string, cause: TunebookError): TunebookError {
  const [name = '', id] = reference.slice('run:'.length).split('@');
  const named = listRuns(workspace).filter((run) => run.kind === 'run' && run.name === name);
  const asked = id === undefined ? named[0] : named.find((run) => run.id === id);
  const where = `in ${shortPath(workspace)}`;
  return new TunebookError(
    cause.code,
    asked
      ? `${asked.id} has no model yet: it ${describeEnd(asked)}.`
      : id !== undefined && named.length > 0
        ? `No run "${name}" ${where} has the id ${id}.`
        : `There is no run "${name}" ${where}.`,
    { hint: whatThereIs(reference, workspace), cause },
  );
}

/** What could be named instead: results of runs and models of the Hub's cache, the nearest first. */
function whatThereIs(reference: string, workspace: string): string {
  const runs = listRuns(workspace);
  const ofRuns = modelsOfRuns(runs).map(({ name }) => `run:${name}`);
  const ofHub = modelsInHubCache(hubCacheFolder(), runs).map((each) => each.reference);
  const asked = plain(reference);
  const near = (each: string) => editDistance(asked, plain(each));
  const there = [...new Set([...ofRuns, ...ofHub])].sort((a, b) => near(a) - near(b));
  if (there.length === 0)
    return 'Name a folder in Hugging Face layout, hf:OWNER/NAME, or a run: none has finished here yet.';
  const meant = nearest(asked, there.map(plain));
  const guess = there.find((each) => plain(each) === meant);
  const question = guess === undefined ? '' : `Did you mean ${guess}? `;
  return `${question}There ${there.length === 1 ? 'is' : 'are'} ${list(there, NAMED)}; a folder in Hugging Face layout and hf:OWNER/NAME do as well.`;
}

/** What a person may have misspelt of a reference. */
function plain(reference: string): string {
  return reference
    .replace(/^(run|hf):/, '')
    .replace(/@.*/, '')
    .toLowerCase();
}
