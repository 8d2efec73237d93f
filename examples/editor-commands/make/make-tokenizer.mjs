/**
 * Trains the base model's tokenizer on corpus/train.txt and writes base/tokenizer.json and base/tokenizer_config.json, as
 * transformers' BertTokenizer reads them.
 *
 *   node make/make-tokenizer.mjs [--text FILE] [--out FOLDER]
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trainWordPiece } from './wordpiece.mjs';

const SIZE = 3000;
const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];

/** Every character of a keyboard that BERT's lower-casing leaves: nothing that people type in English is unknown. */
// prettier-ignore
const ALPHABET = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).filter((c) => !/[A-Z]/.test(c)).join('');

const MAX_LENGTH = 128;

const here = join(import.meta.dirname, '..');
const lines = readFileSync(option('--text') ?? join(here, 'corpus/train.txt'), 'utf8').split('\n');
const vocabulary = trainWordPiece(lines, { size: SIZE, reserved: SPECIAL, alphabet: ALPHABET });
const id = (token) => vocabulary.indexOf(token);

const out = option('--out') ?? join(here, 'base');
mkdirSync(out, { recursive: true });
write('tokenizer.json', {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: SPECIAL.map((content) => ({
    id: id(content),
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [special('[CLS]', 0), sequence('A', 0), special('[SEP]', 0)],
    pair: [special('[CLS]', 0), sequence('A', 0), special('[SEP]', 0), sequence('B', 1), special('[SEP]', 1)],
    special_tokens: Object.fromEntries(
      ['[CLS]', '[SEP]'].map((token) => [token, { id: token, ids: [id(token)], tokens: [token] }]),
    ),
  },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(vocabulary.map((token, index) => [token, index])),
  },
});
write('tokenizer_config.json', {
  tokenizer_class: 'BertTokenizer',
  do_lower_case: true,
  model_max_length: MAX_LENGTH,
  pad_token: '[PAD]',
  unk_token: '[UNK]',
  cls_token: '[CLS]',
  sep_token: '[SEP]',
  mask_token: '[MASK]',
});

function option(name) {
  const at = process.argv.indexOf(name);
  return at === -1 ? undefined : process.argv[at + 1];
}

function special(token, type_id) {
  return { SpecialToken: { id: token, type_id } };
}

function sequence(name, type_id) {
  return { Sequence: { id: name, type_id } };
}

function write(name, value) {
  writeFileSync(join(out, name), `${JSON.stringify(value, undefined, 2)}\n`);
}
