import { TunebookError } from '../../protocol/error.ts';
import { nameOf, type HubFile, type Repository } from './repository.ts';

const TOKENIZER =
  /^(tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab)\.json$|^(vocab|merges)\.txt$|^chat_template\.(jinja|json)$/;
const MODEL = /^(config|generation_config|adapter_config)\.json$/;

/** The files of a repository that a tokenizer is read from. */
export function tokenizerFiles(files: readonly HubFile[]): HubFile[] {
  return files.filter(({ path }) => TOKENIZER.test(path));
}

/** The small files that say what a model is. */
export function configFiles(files: readonly HubFile[]): HubFile[] {
  return files.filter(({ path }) => MODEL.test(path));
}

/**
 * The files of a repository that a model is read from: its configs, its tokenizer, and its weights as safetensors, once: other
 * formats and other precisions of the same weights are left where they are.
 * @throws TunebookError `hub/no-safetensors`
 */
export function modelFiles(repository: Repository, files: readonly HubFile[]): HubFile[] {
  const weights = weightFiles(files);
  if (weights.length > 0) return [...configFiles(files), ...tokenizerFiles(files), ...weights];
  const pickle = files.some(({ path }) => /^pytorch_model.*\.bin$/.test(path));
  throw new TunebookError('hub/no-safetensors', `${nameOf(repository)} has no safetensors weights.`, {
    hint: pickle
      ? 'It has pytorch_model.bin, which can run code when it is read. Its pull requests on the Hub often hold a conversion: name it as @refs/pr/NUMBER.'
      : 'Take a repository that holds model.safetensors.',
  });
}

function weightFiles(files: readonly HubFile[]): HubFile[] {
  for (const pattern of [
    /^model\.safetensors$/,
    /^model-\d+-of-\d+\.safetensors$|^model\.safetensors\.index\.json$/,
    /^adapter_model\.safetensors$/,
  ]) {
    const found = files.filter(({ path }) => pattern.test(path));
    if (found.length > 0) return found;
  }
  return [];
}
