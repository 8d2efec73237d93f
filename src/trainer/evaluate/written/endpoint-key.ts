import type { ResolvedEndpoint } from '../../../language/resolved.ts';
import { keptKey } from '../../../protocol/endpoint-keys.ts';
import { TunebookError } from '../../../protocol/error.ts';

/**
 * The key of an endpoint: what the variable holds that `api_key_env` names, else the one that VS Code keeps for its address.
 * @throws TunebookError `endpoint/no-key` where it should have one and has none, `endpoint/bad-keys`
 */
export function keyOf(
  who: string,
  { base_url, api_key_env }: Pick<ResolvedEndpoint, 'base_url' | 'api_key_env'>,
  file: string,
): string | undefined {
  const named = api_key_env === undefined ? undefined : process.env[api_key_env];
  const key = named === undefined || named === '' ? keptKey(base_url, process.env) : named;
  if (key !== undefined || api_key_env === undefined) return key;
  throw new TunebookError(
    'endpoint/no-key',
    `${who}: The environment variable ${api_key_env}, which should hold its key, is not set.`,
    {
      hint: `In VS Code: "Tunebook: Set Endpoint Key". In a terminal: export ${api_key_env}=… (the key itself belongs in no file).`,
      location: { file },
    },
  );
}
