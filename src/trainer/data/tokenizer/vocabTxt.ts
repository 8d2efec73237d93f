import { readFileSync } from 'node:fs';
import { corruptTokenizer, type JsonObject } from './json.ts';

/**
 * Makes of `vocab.txt` and tokenizer_config.json what tokenizer.json would hold, by the rules of transformers'
 * BertTokenizer (5.x): WordPiece with `##`, lower case unless `do_lower_case: false`, [CLS] … [SEP].
 * @throws TunebookError `tokenizer/corrupt` when the vocabulary lacks a special token
 */
export function tokenizerFromVocab(file: string, config: JsonObject): JsonObject {
  const vocab = readVocab(file);
  const special = (key: string, usual: string): [string, number] => {
    const token = tokenText(config[key]) ?? usual;
    const id = vocab[token];
    if (id === undefined) throw corruptTokenizer(file, `it has no line "${token}", which is the ${key}`);
    return [token, id];
  };
  const unk = special('unk_token', '[UNK]');
  const cls = special('cls_token', '[CLS]');
  const sep = special('sep_token', '[SEP]');
  const added = [special('pad_token', '[PAD]'), unk, cls, sep, special('mask_token', '[MASK]')];
  return {
    version: '1.0',
    added_tokens: added.map(([content, id]) => ({ id, content, special: true, normalized: false })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: config.tokenize_chinese_chars ?? true,
      strip_accents: config.strip_accents ?? null,
      lowercase: config.do_lower_case ?? true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: { type: 'BertProcessing', sep, cls },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: unk[0],
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab,
    },
  };
}

/** A token as tokenizer_config.json writes it: a string, or an object with `content`. */
export function tokenText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (
    typeof value === 'object' &&
    value !== null &&
    'content' in value &&
    typeof value.content === 'string'
  ) {
    return value.content;
  }
  return undefined;
}

function readVocab(file: string): Record<string, number> {
  const lines = readFileSync(file, 'utf8').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return Object.fromEntries(lines.map((token, id) => [token, id]));
}
