import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hubCacheFolder, hubHome } from '../../runs/hub-cache.ts';

/** What the environment says about the Hub, under the names that Hugging Face's own libraries read. */
export interface HubSettings {
  /** `HF_ENDPOINT`, without a slash at the end. */
  readonly endpoint: string;
  readonly token: string | undefined;
  /** `HF_HUB_OFFLINE` or `TRANSFORMERS_OFFLINE`: no request is made. */
  readonly offline: boolean;
  /** The folder of the cache. */
  readonly cache: string;
  /** Whether large files may come by the Xet protocol; `HF_HUB_DISABLE_XET` says no. */
  readonly xet: boolean;
  /** Milliseconds that a question may take: `HF_HUB_ETAG_TIMEOUT` (seconds), 10 s by default. */
  readonly answerTimeout: number;
  /** Milliseconds without a byte after which a download is begun anew: `HF_HUB_DOWNLOAD_TIMEOUT`, 10 s by default. */
  readonly idleTimeout: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the settings; the token from `HF_TOKEN`, its older names, or the file that `hf auth login` writes. */
export function hubSettings(env: Environment = process.env): HubSettings {
  return {
    endpoint: (env['HF_ENDPOINT'] || 'https://huggingface.co').replace(/\/+$/, ''),
    token: isTrue(env['HF_HUB_DISABLE_IMPLICIT_TOKEN']) ? undefined : readToken(env),
    offline: isTrue(env['HF_HUB_OFFLINE']) || isTrue(env['TRANSFORMERS_OFFLINE']),
    cache: hubCacheFolder(env),
    xet: !isTrue(env['HF_HUB_DISABLE_XET']),
    answerTimeout: seconds(env['HF_HUB_ETAG_TIMEOUT']),
    idleTimeout: seconds(env['HF_HUB_DOWNLOAD_TIMEOUT']),
  };
}

function readToken(env: Environment): string | undefined {
  const given = clean(env['HF_TOKEN']) ?? clean(env['HUGGING_FACE_HUB_TOKEN']);
  if (given !== undefined) return given;
  try {
    return clean(readFileSync(env['HF_TOKEN_PATH'] || join(hubHome(env), 'token'), 'utf8'));
  } catch {
    // Nobody has signed in here.
    return undefined;
  }
}

/** Without the line break that editors put behind it; an empty one is none. */
function clean(token: string | undefined): string | undefined {
  return token?.replace(/[\r\n]/g, '').trim() || undefined;
}

function isTrue(value: string | undefined): boolean {
  return ['1', 'ON', 'YES', 'TRUE'].includes(value?.toUpperCase() ?? '');
}

function seconds(value: string | undefined): number {
  const number = Number(value);
  return 1000 * (Number.isFinite(number) && number > 0 ? number : 10);
}
