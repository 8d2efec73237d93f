import OpenAI from 'openai';
import type { ResolvedEndpoint } from '../../../language/resolved.ts';
import { TunebookError } from '../../../protocol/error.ts';

/** An answer that came and is none. */
export class MalformedAnswer extends Error {}

/** Why a request was not answered. */
export interface Failure {
  readonly error: TunebookError;
  /** As the end of a sentence. */
  readonly why: string;
  /** Whether the same request may be answered later. */
  readonly mayPass: boolean;
  /** Milliseconds that the API asks to wait. */
  readonly pause?: number;
}

/** The longest pause that an API may ask for; a longer one is shortened, and asking again will tell. */
const LONGEST_PAUSE = 60_000;

/**
 * What a failed request means.
 * @param key taken out of every message: servers like to repeat what they were sent
 */
export function explainFailure(error: unknown, endpoint: ResolvedEndpoint, key: string | undefined): Failure {
  const said = inShort(withoutKey(error instanceof Error ? error.message : String(error), key));
  const at = `${endpoint.base_url} (${endpoint.model})`;
  const failure = (code: string, why: string, hint: string, mayPass: boolean): Failure => {
    const pause = mayPass ? askedPause(error) : undefined;
    return {
      // No cause: it holds the request with its headers.
      error: new TunebookError(code, `${at} ${why}.`, { hint }),
      why,
      mayPass,
      ...(pause === undefined ? {} : { pause }),
    };
  };
  const again = 'What is answered so far is kept: `tunebook resume` goes on.';
  if (error instanceof OpenAI.APIConnectionTimeoutError)
    return failure(
      'endpoint/timeout',
      `gave no answer within ${endpoint.timeout} s`,
      `See whether the server still works, or raise \`timeout\`. ${again}`,
      true,
    );
  if (error instanceof OpenAI.APIConnectionError)
    return failure(
      'endpoint/unreachable',
      `cannot be reached: ${reasonOf(error, said)}`,
      `Start the server, or correct \`base_url\`. ${again}`,
      true,
    );
  if (error instanceof OpenAI.APIError && typeof error.status === 'number')
    return ofStatus(error.status, said, failure, again, endpoint);
  return failure(
    'endpoint/malformed',
    `answered what is no answer: ${said}`,
    `Check that it speaks OpenAI's protocol. ${again}`,
    true,
  );
}

function ofStatus(
  status: number,
  said: string,
  failure: (code: string, why: string, hint: string, mayPass: boolean) => Failure,
  again: string,
  { api_key_env, model }: ResolvedEndpoint,
): Failure {
  if (status === 429)
    return failure(
      'endpoint/busy',
      `is busy (429): ${said}`,
      `Set \`requests_per_minute\` or \`tokens_per_minute\` to what it allows, or raise \`max_retries\`. ${again}`,
      true,
    );
  if (status === 408 || status === 409 || status >= 500)
    return failure(
      'endpoint/failed',
      `failed (${status}): ${said}`,
      `See the log of the server. ${again}`,
      true,
    );
  if (status === 401 || status === 403)
    return failure(
      'endpoint/unauthorized',
      `does not let us in (${status}): ${said}`,
      api_key_env === undefined
        ? 'Give it a key: "Tunebook: Set Endpoint Key" in VS Code, or name the environment variable that holds it in `api_key_env`.'
        : `Check its key, in the environment variable ${api_key_env} or, where that is not set, the one that VS Code keeps.`,
      false,
    );
  if (status === 404)
    return failure(
      'endpoint/not-found',
      `knows no such address or model (404): ${said}`,
      `Check \`base_url\`, which ends with the version as in http://localhost:8080/v1, and the name of the model, ${model}.`,
      false,
    );
  return failure(
    'endpoint/refused',
    `refuses the request (${status}): ${said}`,
    `Change what it does not take. ${again}`,
    false,
  );
}

/** `Retry-After` in seconds or as a date, or `retry-after-ms`. */
function askedPause(error: unknown): number | undefined {
  if (!(error instanceof OpenAI.APIError)) return undefined;
  const headers: unknown = error.headers;
  if (!(headers instanceof Headers)) return undefined;
  const milliseconds = Number(headers.get('retry-after-ms') ?? NaN);
  if (milliseconds >= 0) return Math.min(milliseconds, LONGEST_PAUSE);
  const written = headers.get('retry-after');
  if (written === null) return undefined;
  const seconds = Number(written);
  const pause = Number.isNaN(seconds) ? Date.parse(written) - Date.now() : seconds * 1000;
  return pause >= 0 ? Math.min(pause, LONGEST_PAUSE) : undefined;
}

/** What lies below "Connection error.": `connect ECONNREFUSED 127.0.0.1:8080`. */
function reasonOf(error: Error, said: string): string {
  let reason: unknown = error;
  while (reason instanceof Error && reason.cause !== undefined) reason = reason.cause;
  if (!(reason instanceof Error)) return said;
  const code = 'code' in reason && typeof reason.code === 'string' ? reason.code : '';
  return reason.message === '' ? code || said : reason.message;
}

/** A text without the key in it. */
export function withoutKey(text: string, key: string | undefined): string {
  return key === undefined || key === '' ? text : text.replaceAll(key, '…');
}

function inShort(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
