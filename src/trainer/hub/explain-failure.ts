import { TunebookError } from '../../protocol/error.ts';
import type { HubFailure } from './failure.ts';
import { nameOf, type Repository } from './repository.ts';
import type { HubSettings } from './settings.ts';

/** What was asked for when it failed. */
export interface Asked {
  readonly repository: Repository;
  readonly revision: string;
  readonly settings: HubSettings;
}

/** A failed request in words, with what to do next. */
export function explainFailure(failure: HubFailure, asked: Asked): TunebookError {
  const { repository, revision, settings } = asked;
  const { endpoint, token } = settings;
  const name = nameOf(repository);
  const kind = repository.type === 'model' ? 'model' : 'data set';
  const page = `${endpoint}/${repository.type === 'model' ? '' : 'datasets/'}${repository.name}`;
  const { status, hubCode, message } = failure;
  const error = (code: string, text: string, hint: string) =>
    new TunebookError(code, text, { hint, cause: failure });
  if (hubCode === 'GatedRepo')
    return error(
      'hub/gated',
      `${name} is gated: its owner asks you to accept conditions first.`,
      token === undefined
        ? `Open ${page}, accept them, and set HF_TOKEN to a token of yours (or sign in with hf auth login).`
        : `Open ${page} with the account of your token, accept them, and try again.`,
    );
  if (hubCode === 'RevisionNotFound')
    return error(
      'hub/no-revision',
      `${name} has no revision "${revision}".`,
      `Take a branch, a tag or a commit that ${page}/tree/main shows.`,
    );
  if (hubCode === 'EntryNotFound') return error('hub/no-file', `${name}: ${message}.`, `Look at ${page}.`);
  if (hubCode === 'RepoNotFound' || status === 404 || (status === 401 && token === undefined))
    return error(
      'hub/not-found',
      `There is no ${kind} ${name} on ${endpoint}, or it is private.`,
      token === undefined
        ? 'Correct the name; for a private one set HF_TOKEN to a token of yours (or sign in with hf auth login).'
        : 'Correct the name, or take a token that may read it: yours may not.',
    );
  if (status === 401)
    return error(
      'hub/unauthorized',
      `${endpoint} does not take your token.`,
      'Set HF_TOKEN to a valid one (or sign in again with hf auth login).',
    );
  if (status === 403)
    return error('hub/forbidden', `You may not read ${name}: ${message}.`, `Ask for access on ${page}.`);
  if (status === 429)
    return error(
      'hub/busy',
      `${endpoint} has had too many requests from here.`,
      'Try again in some minutes.',
    );
  if (status !== undefined)
    return error('hub/unavailable', `${endpoint} answered with an error (${status}).`, 'Try again later.');
  return error(
    'hub/unreachable',
    `${endpoint} cannot be reached (${message}), and ${name} is not in the cache.`,
    'Check the network. Behind a proxy set HTTPS_PROXY and NODE_USE_ENV_PROXY=1; a mirror is named by HF_ENDPOINT.',
  );
}

/** The error of something that is not in the cache while nothing may be downloaded. */
export function offlineError({ repository, settings }: Asked): TunebookError {
  return new TunebookError(
    'hub/offline',
    `${nameOf(repository)} is not in the Hugging Face cache, and HF_HUB_OFFLINE says that nothing is downloaded.`,
    { hint: 'Unset HF_HUB_OFFLINE for once, or name a folder.', location: { file: settings.cache } },
  );
}
