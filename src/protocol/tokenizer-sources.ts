/** The files that decide how a tokenizer reads: when one of them changes, it is another tokenizer. */
export const TOKENIZER_SOURCES = [
  'tokenizer.json',
  'vocab.txt',
  'tokenizer_config.json',
  'special_tokens_map.json',
] as const;
