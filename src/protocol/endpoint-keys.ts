import { TunebookError } from './error.ts';

/** The variable that a trainer finds the keys in that VS Code keeps: a JSON object of keys by address. They go no other way. */
export const ENDPOINT_KEYS = 'TUNEBOOK_ENDPOINT_KEYS';

/** An address of an API as keys are kept under it: `http://LOCALHOST:80/v1/` is `http://localhost/v1`. Undefined for what is none. */
export function endpointAddress(baseUrl: string): string | undefined {
  if (!/^https?:\/\//i.test(baseUrl) || !URL.canParse(baseUrl)) return undefined;
  return new URL(baseUrl).href.replace(/\/+$/, '');
}

/** What a trainer is given in its environment; nothing where no key is kept. */
export function keyEnvironment(keys: Readonly<Record<string, string>>): Record<string, string> {
  return Object.keys(keys).length === 0 ? {} : { [ENDPOINT_KEYS]: JSON.stringify(keys) };
}

/**
 * The key that is kept for an address.
 * @throws TunebookError `endpoint/bad-keys` where the variable holds something else; what it holds is not repeated
 */
export function keptKey(
  baseUrl: string,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const written = environment[ENDPOINT_KEYS];
  const address = endpointAddress(baseUrl);
  if (written === undefined || address === undefined) return undefined;
  const keys = parse(written);
  if (typeof keys !== 'object' || keys === null)
    throw new TunebookError('endpoint/bad-keys', `The variable ${ENDPOINT_KEYS} holds no keys by address.`, {
      hint: 'VS Code sets it. Elsewhere name a variable in `api_key_env`.',
    });
  const key: unknown = Object.entries(keys).find(([own]) => own === address)?.[1];
  return typeof key === 'string' && key !== '' ? key : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
