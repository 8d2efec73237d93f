import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cutOf } from '../../language/held-out.ts';
import type { DataReference } from '../../language/resolved.ts';
import { filesOf } from './columns.ts';
import type { LanguageModelOptions } from './example.ts';
import { tokenizeLanguageModel, type TokenizedLanguageModel } from './language-model.ts';
import { cachedTokens, tokenCacheFolder } from './token-cache.ts';
import type { Tokenizer } from './tokenizer.ts';

/** The files beside a tokenizer that decide which tokens a text becomes. */
const TOKENIZER_FILES = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'vocab.txt',
  'chat_template.jinja',
];

export interface TokenizeOnceContext {
  /** The folder that holds the `.tunebook` in which tokens are kept. */
  readonly workspace: string;
  readonly signal: AbortSignal;
  readonly onProgress: (rows: number) => void;
}

/**
 * As {@link tokenizeLanguageModel}, but data that this workspace has made tokens of before, with the same tokenizer and
 * settings, is not read again.
 * @throws TunebookError as {@link tokenizeLanguageModel}; the signal's reason when aborted
 */
export async function tokenizeOnce(
  reference: DataReference,
  tokenizer: Tokenizer,
  settings: Omit<LanguageModelOptions, 'signal' | 'onProgress' | 'most'>,
  { workspace, signal, onProgress }: TokenizeOnceContext,
): Promise<TokenizedLanguageModel> {
  const make = (path?: string) =>
    tokenizeLanguageModel(
      reference,
      tokenizer,
      { ...settings, signal, onProgress },
      path === undefined ? {} : { path },
    );
  const folder = tokenCacheFolder(workspace);
  const files = filesOf(reference);
  // What is not there is told by the reader.
  if (folder === undefined || !files.every((file) => statSync(file, { throwIfNoEntry: false })?.isFile()))
    return await make();
  const { format, columns, sample_by, train_test_split } = reference.dataset;
  const cut = cutOf(train_test_split, reference.split);
  const { chat_template_path, ...plain } = settings;
  const beside = TOKENIZER_FILES.map((name) => join(tokenizer.folder, name));
  const read = [...files, ...beside, ...(chat_template_path === undefined ? [] : [chat_template_path])];
  const sums = await Promise.all(read.map((file) => checksum(file, signal)));
  // The ending of a name says how a file is read.
  const endings = files.map((file) => /(\.[a-z]+)?(\.gz)?$/i.exec(file)?.[0]);
  return await cachedTokens(folder, { sums, endings, format, columns, sample_by, cut, plain }, make);
}

/** `null` for a file that is not there. */
async function checksum(file: string, signal: AbortSignal): Promise<string | null> {
  if (!existsSync(file)) return null;
  const hash = createHash('sha256');
  const stream = createReadStream(file, { highWaterMark: 1 << 20, signal });
  // SAFETY: a stream without an encoding gives buffers.
  for await (const chunk of stream) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
