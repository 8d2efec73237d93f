import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder of everything that Hugging Face's libraries keep: `HF_HOME`, or `huggingface` in the cache folder of the
 * user (constants.py of huggingface_hub 2.4).
 */
export function hubHome(env: Environment = process.env): string {
  return expand(env['HF_HOME'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'huggingface'));
}

/** Where huggingface_hub keeps what it downloads: `HF_HUB_CACHE`, its older name, or `hub` in {@link hubHome}. */
export function hubCacheFolder(env: Environment = process.env): string {
  return expand(env['HF_HUB_CACHE'] || env['HUGGINGFACE_HUB_CACHE'] || join(hubHome(env), 'hub'));
}

/** A leading `~` is the home folder, as Python's `expanduser` has it. */
function expand(path: string): string {
  return /^~(?=$|[/\\])/.test(path) ? join(homedir(), path.slice(1)) : path;
}
