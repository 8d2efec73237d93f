/**
 * Trains the tokenizer of the model in writer/ on corpus/writer-train.jsonl and writes writer/tokenizer.json and
 * writer/tokenizer_config.json, as transformers' PreTrainedTokenizerFast reads them.
 *
 *   node make/make-writer-tokenizer.mjs [--text FILE] [--out FOLDER]
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trainBytePairs } from './byte-pairs.mjs';

const SIZE = 1200;
const END = '<|endoftext|>';
const MAX_LENGTH = 512;

const here = join(import.meta.dirname, '..');
const lines = readFileSync(option('--text') ?? join(here, 'corpus/writer-train.jsonl'), 'utf8')
  .trim()
  .split('\n');
const texts = lines.map((line) => JSON.parse(line).text);
const { vocabulary, merges } = trainBytePairs(texts, { size: SIZE, reserved: [END] });

const out = option('--out') ?? join(here, 'writer');
mkdirSync(out, { recursive: true });
write('tokenizer.json', {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [
    {
      id: 0,
      content: END,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    },
  ],
  normalizer: null,
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  post_processor: null,
  decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    vocab: Object.fromEntries(vocabulary.map((token, index) => [token, index])),
    merges: merges.map((pair) => pair.join(' ')),
  },
});
write('tokenizer_config.json', {
  tokenizer_class: 'PreTrainedTokenizerFast',
  model_max_length: MAX_LENGTH,
  bos_token: END,
  eos_token: END,
  pad_token: END,
});

function option(name) {
  const at = process.argv.indexOf(name);
  return at === -1 ? undefined : process.argv[at + 1];
}

function write(name, value) {
  writeFileSync(join(out, name), `${JSON.stringify(value, undefined, 1)}\n`);
}
