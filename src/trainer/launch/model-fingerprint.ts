import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { RUN_FILES, type RunManifest } from '../../protocol/run.ts';
import { isRunId } from '../../runs/id.ts';
import { readAdapter } from '../checkpoint/read-adapter.ts';
import { resolveBase, resolveTokenizer } from '../checkpoint/resolve-base.ts';
import { readJsonObject } from '../data/tokenizer/json.ts';
import { fingerprint } from './fingerprint.ts';

/** The files of a model folder that decide what is computed. */
const MODEL_FILES =
  /^(config|adapter_config|tokenizer|tokenizer_config|special_tokens_map)\.json$|^(vocab|merges)\.txt$|^vocab\.json$|^chat_template\.jinja$|\.safetensors(\.index\.json)?$/;

/**
 * What a model consists of. Its revision is the commit of the Hugging Face cache, or the id of the run it came from.
 * @param base as in `model: base:` with an absolute path
 * @param from the config file that says so
 * @param tokenizer a folder of its own for the tokenizer
 * @throws TunebookError `model/run-not-found`, `model/not-in-cache`, `file/unreadable`
 */
export async function modelFingerprint(
  { base, from, tokenizer }: { base: string; from: string; tokenizer?: string },
  workspace: string,
  signal: AbortSignal,
): Promise<NonNullable<RunManifest['model']>> {
  const folder = base === 'scratch' ? undefined : resolveBase(base, from, workspace);
  const own = tokenizer === undefined ? undefined : resolveTokenizer(tokenizer);
  const folders = [folder, folder && baseOfAdapter(folder), own].filter((each) => each !== undefined);
  const files = folders.flatMap(modelFiles);
  const revision = folder === undefined ? undefined : revisionOf(base, folder);
  return {
    base: base.startsWith('hf:') && revision !== undefined ? base.replace(`@${revision}`, '') : base,
    ...(revision === undefined ? {} : { revision }),
    files: await Promise.all(files.map((file) => fingerprint(file, workspace, signal))),
  };
}

/** The model below an adapter, which decides what is computed as much as the adapter does. */
function baseOfAdapter(folder: string): string | undefined {
  const fields = existsSync(folder) ? readJsonObject(join(folder, 'adapter_config.json')) : undefined;
  return fields && readAdapter(folder, fields).base;
}

function modelFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => MODEL_FILES.test(name))
    .sort()
    .map((name) => join(folder, name));
}

function revisionOf(base: string, folder: string): string | undefined {
  if (base.startsWith('hf:')) return basename(folder);
  const run = basename(dirname(folder));
  return basename(folder) === RUN_FILES.output && isRunId(run) ? run : undefined;
}
