import { existsSync } from 'node:fs';
import path from 'node:path';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { TunebookError } from '../../protocol/error.ts';
import { makeSplitters, type Splitter } from './tokenizer/addedTokens.ts';
import { makeBertNormalizer } from './tokenizer/bertNormalizer.ts';
import { corruptTokenizer, isObject, readJsonObject, type JsonObject } from './tokenizer/json.ts';
import { countSpecial, fill, readTemplate, type Sequence, type Template } from './tokenizer/template.ts';
import { truncatedLengths, type TruncationStrategy } from './tokenizer/truncate.ts';
import { tokenizerFromVocab, tokenText } from './tokenizer/vocabTxt.ts';
import { copyFile } from '../../runs/copy-file.ts';
import { makeFolder } from '../../runs/make-folder.ts';

export interface EncodeOptions {
  /** Tokens that the result may have, special tokens included. */
  max_length: number;
  /** A second text, for tasks on pairs. */
  text_pair?: string;
  /** Which text of a pair gives way. Default `longest_first`, as in transformers. */
  truncation?: TruncationStrategy;
}

/** A text as a model reads it. */
export interface Encoding extends Sequence {
  /** Whether tokens were cut off to keep to `max_length`. */
  truncated: boolean;
}

/** Ids of the special tokens, where the tokenizer has them. */
export interface SpecialTokens {
  pad: number | undefined;
  unk: number | undefined;
  cls: number | undefined;
  sep: number | undefined;
  mask: number | undefined;
  bos: number | undefined;
  eos: number | undefined;
}

/** Makes token ids of text, equal to those of Hugging Face's Rust tokenizers. */
export interface Tokenizer {
  /** Tokens, truncation and special tokens, as transformers' `tokenizer(text, truncation=True)`. */
  encode(text: string, options: EncodeOptions): Encoding;
  /** The ids of a text alone: no special tokens are added and nothing is cut off. */
  tokenize(text: string): number[];
  /** The ids of a word of a text that was split before, as transformers' `is_split_into_words=True`. */
  tokenizeWord(word: string): number[];
  /** Puts the special tokens around the ids of one text, or of a pair. */
  addSpecialTokens(first: number[], second?: number[]): Sequence;
  /** How many special tokens stand around one text. */
  readonly specialTokensPerText: number;
  /** How many of them stand before it. */
  readonly specialTokensBefore: number;
  /** The text of some ids. */
  decode(ids: readonly number[], options?: { skip_special_tokens?: boolean }): string;
  /** One more than the largest id: how many rows the model's embedding needs. */
  readonly vocabSize: number;
  readonly specialTokens: SpecialTokens;
  readonly folder: string;
  /** Copies the tokenizer's files, so that transformers loads it from `folder`. */
  copyTo(folder: string): Promise<void>;
}

/** Every file that a tokenizer of transformers may consist of. */
const TOKENIZER_FILES = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.txt',
  'vocab.json',
  'merges.txt',
  'tokenizer.model',
  'chat_template.jinja',
];

/** Copies the tokenizer of a model folder into another folder, as it is; nothing where there is none. */
export function copyTokenizer(from: string, to: string): void {
  for (const name of TOKENIZER_FILES) {
    const file = path.join(from, name);
    if (existsSync(file)) copyFile(file, path.join(to, name));
  }
}

/**
 * Loads the tokenizer of a model folder: tokenizer.json, or vocab.txt of an older BERT.
 * @throws TunebookError `tokenizer/missing`, `tokenizer/corrupt`
 */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  const config = {
    ...readJsonObject(path.join(folder, 'special_tokens_map.json')),
    ...readJsonObject(path.join(folder, 'tokenizer_config.json')),
  };
  const file = path.join(folder, 'tokenizer.json');
  const vocab = path.join(folder, 'vocab.txt');
  const json = readJsonObject(file);
  if (json) return build(folder, file, json, config);
  if (existsSync(vocab)) return build(folder, vocab, tokenizerFromVocab(vocab, config), config);
  throw missing(folder);
}

function missing(folder: string): TunebookError {
  const other = ['tokenizer.model', 'vocab.json'].find((name) => existsSync(path.join(folder, name)));
  return new TunebookError(
    'tokenizer/missing',
    `${folder} holds no tokenizer (no tokenizer.json and no vocab.txt).`,
    {
      location: { file: folder },
      hint: other
        ? `It has ${other}: save it as tokenizer.json with transformers, AutoTokenizer.from_pretrained(…).save_pretrained(…).`
        : "Copy tokenizer.json from the model's original folder, or name its folder in `tokenizer:`.",
    },
  );
}

function build(folder: string, file: string, json: JsonObject, config: JsonObject): Tokenizer {
  try {
    return new FolderTokenizer(folder, json, config);
  } catch (error) {
    throw corruptTokenizer(file, error instanceof Error ? error.message : String(error));
  }
}

/** Words in the cache; a text's words repeat so much that a few make up most of it. */
const CACHED_WORDS = 1 << 16;
const LONGEST_CACHED_WORD = 48;

class FolderTokenizer implements Tokenizer {
  readonly folder: string;
  readonly vocabSize: number;
  readonly specialTokens: SpecialTokens;
  readonly #library: HuggingFaceTokenizer;
  readonly #normalize: ((text: string) => string) | undefined;
  readonly #split: { raw: Splitter; normalized: Splitter };
  readonly #template: Template;
  readonly #ids: Map<string, number>;
  readonly #unk: number | undefined;
  readonly #words = new Map<string, number[]>();
  readonly #cutLeft: boolean;
  /** Byte-level tokenizers tell a word within a text by the space before it. */
  readonly #wordPrefix: string;

  constructor(folder: string, json: JsonObject, config: JsonObject) {
    this.folder = folder;
    // The library looks for these fields, which older files leave out.
    const whole = {
      decoder: null,
      post_processor: null,
      pre_tokenizer: null,
      normalizer: null,
      added_tokens: [],
      ...json,
    };
    const library = new HuggingFaceTokenizer(whole, config);
    const { normalizer, model } = library;
    if (!model) throw new Error('it has no model');
    this.#library = library;
    if (isObject(json.normalizer) && json.normalizer.type === 'BertNormalizer') {
      this.#normalize = makeBertNormalizer(json.normalizer);
    } else if (normalizer) {
      this.#normalize = (text) => normalizer.normalize(text);
    }
    this.#split = makeSplitters(json.added_tokens, this.#normalize);
    this.#template = readTemplate(json.post_processor);
    this.#ids = model.tokens_to_ids;
    this.#wordPrefix = JSON.stringify(json.pre_tokenizer ?? null).includes('"ByteLevel"') ? ' ' : '';
    this.#cutLeft = config.truncation_side === 'left';
    this.vocabSize = largest(this.#ids.values()) + 1;
    const unk = model.unk_token ?? tokenText(config.unk_token);
    this.#unk = unk === undefined ? undefined : this.#ids.get(unk);
    this.specialTokens = this.#findSpecialTokens(
      config,
      isObject(json.model) && json.model.type === 'WordPiece',
    );
  }

  get specialTokensPerText(): number {
    return countSpecial(this.#template.single);
  }

  get specialTokensBefore(): number {
    return this.addSpecialTokens([-1]).input_ids.indexOf(-1);
  }

  tokenizeWord(word: string): number[] {
    return this.tokenize(this.#wordPrefix + word);
  }

  encode(text: string, { max_length, text_pair, truncation = 'longest_first' }: EncodeOptions): Encoding {
    const first = this.tokenize(text);
    const second = text_pair === undefined ? undefined : this.tokenize(text_pair);
    const room =
      max_length - countSpecial(second === undefined ? this.#template.single : this.#template.pair);
    const lengths = room > 0 ? truncatedLengths(first.length, second?.length, room, truncation) : undefined;
    if (lengths === undefined) throw tooShort(max_length, truncation);
    const truncated = lengths[0] < first.length || lengths[1] < (second?.length ?? 0);
    return {
      ...fill(this.#template, this.#cut(first, lengths[0]), second && this.#cut(second, lengths[1])),
      truncated,
    };
  }

  addSpecialTokens(first: number[], second?: number[]): Sequence {
    return fill(this.#template, first, second);
  }

  tokenize(text: string): number[] {
    const ids: number[] = [];
    for (const [index, section] of this.#split.raw(text).entries()) {
      if ('id' in section) {
        ids.push(section.id);
        continue;
      }
      const normalized = this.#normalize?.(section.text) ?? section.text;
      for (const part of this.#split.normalized(normalized)) {
        if ('id' in part) ids.push(part.id);
        else this.#tokenizeSection(part.text, index, ids);
      }
    }
    return ids;
  }

  decode(ids: readonly number[], options: { skip_special_tokens?: boolean } = {}): string {
    return ids.length === 0 ? '' : this.#library.decode([...ids], options);
  }

  async copyTo(folder: string): Promise<void> {
    if (path.resolve(folder) === path.resolve(this.folder)) return;
    makeFolder(folder);
    copyTokenizer(this.folder, folder);
  }

  #tokenizeSection(text: string, section_index: number, ids: number[]): void {
    const { pre_tokenizer } = this.#library;
    const words = pre_tokenizer ? pre_tokenizer.pre_tokenize(text, { section_index }) : [text];
    for (const word of words) {
      const known = this.#words.get(word) ?? this.#tokenizeWord(word);
      for (const id of known) ids.push(id);
    }
  }

  #tokenizeWord(word: string): number[] {
    const ids: number[] = [];
    for (const token of this.#library.model?._call([word]) ?? []) {
      const id = this.#ids.get(token) ?? this.#unk;
      // A vocabulary without an unknown token drops what it does not know, as the Rust library does.
      if (id !== undefined) ids.push(id);
    }
    if (word.length <= LONGEST_CACHED_WORD) {
      if (this.#words.size >= CACHED_WORDS) this.#words.clear();
      this.#words.set(word, ids);
    }
    return ids;
  }

  #cut(ids: number[], length: number): number[] {
    if (length === ids.length) return ids;
    return this.#cutLeft ? ids.slice(ids.length - length) : ids.slice(0, length);
  }

  #findSpecialTokens(config: JsonObject, wordPiece: boolean): SpecialTokens {
    // transformers' BertTokenizer has these without being told.
    const usual = (token: string) => (wordPiece ? token : undefined);
    const find = (key: string, token?: string) => {
      const text = tokenText(config[key]) ?? token;
      return text === undefined ? undefined : this.#ids.get(text);
    };
    return {
      pad: find('pad_token', usual('[PAD]')),
      unk: this.#unk,
      cls: find('cls_token', usual('[CLS]')),
      sep: find('sep_token', usual('[SEP]')),
      mask: find('mask_token', usual('[MASK]')),
      bos: find('bos_token'),
      eos: find('eos_token'),
    };
  }
}

function largest(values: Iterable<number>): number {
  let result = -1;
  for (const value of values) if (value > result) result = value;
  return result;
}

function tooShort(max_length: number, truncation: TruncationStrategy): TunebookError {
  return new TunebookError(
    'data/max-length',
    `A text cannot be cut to max_length: ${max_length} (${truncation}) and keep its special tokens.`,
    { hint: 'Raise `max_length`.' },
  );
}
