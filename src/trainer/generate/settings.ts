import { join } from 'node:path';
import { readJsonObject, type JsonObject } from '../data/tokenizer/json.ts';

/** How text is generated; names and meaning are those of transformers' GenerationConfig. */
export interface GenerationSettings {
  /** Tokens that an answer may have. */
  readonly max_new_tokens: number;
  /** Tokens that an answer must have before it may end. */
  readonly min_new_tokens: number;
  /** Draw each token at random; otherwise the likeliest is taken. */
  readonly do_sample: boolean;
  /** Logits are divided by it, with `do_sample`. */
  readonly temperature: number;
  /** Draw among so many of the likeliest tokens, with `do_sample`; 0 for all. */
  readonly top_k: number;
  /** Draw among the likeliest tokens that have this probability together, with `do_sample`. */
  readonly top_p: number;
  /** Draw among tokens with at least this share of the likeliest one's probability, with `do_sample`. */
  readonly min_p: number;
  /** Logits of tokens that were read or said before are divided by it, or multiplied when negative (Keskar et al. 2019). */
  readonly repetition_penalty: number;
  /** No run of so many tokens comes twice; 0 to allow it. */
  readonly no_repeat_ngram_size: number;
  /** Texts that end the answer. The answer's text ends before them. */
  readonly stop_strings: readonly string[];
  /** Tokens that end the answer. */
  readonly eos_token_id: readonly number[];
  /** Where the random numbers come from, with `do_sample`. */
  readonly seed: number;
}

/** What transformers 5 generates with when nothing is said; of `max_new_tokens`, where it has 20 tokens in all, lm-evaluation-harness's 256. */
export const GENERATION_DEFAULTS: Omit<GenerationSettings, 'eos_token_id'> = {
  max_new_tokens: 256,
  min_new_tokens: 0,
  do_sample: false,
  temperature: 1,
  top_k: 50,
  top_p: 1,
  min_p: 0,
  repetition_penalty: 1,
  no_repeat_ngram_size: 0,
  stop_strings: [],
  seed: 42,
};

/**
 * The settings for a model: what was asked for, else `generation_config.json` of its folders, else the defaults. As in transformers the
 * tokens that end an answer come from `generation_config.json`, or else from `config.json`; the tokenizer's own is always one of them, since
 * training puts it behind every answer.
 * @param folders of the model, the nearest first: an adapter's, then its base's
 * @param eos the tokenizer's token
 */
export function settingsFor(
  folders: readonly string[],
  asked: Partial<GenerationSettings>,
  eos: number | undefined,
): GenerationSettings {
  const read = (name: string) =>
    folders.map((folder) => readJsonObject(join(folder, name))).find((fields) => fields !== undefined);
  const own = read('generation_config.json') ?? {};
  const config = read('config.json') ?? {};
  const named = integers(own['eos_token_id']) ?? integers(config['eos_token_id']) ?? [];
  const ends = [...new Set(eos === undefined ? named : [...named, eos])];
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  return { ...GENERATION_DEFAULTS, eos_token_id: ends, ...usable(own), ...given };
}

/** The fields of a `generation_config.json` that are used, where they have their type. */
function usable(fields: JsonObject): Partial<GenerationSettings> {
  const kept = Object.entries(GENERATION_DEFAULTS).filter(([name, fallback]) => {
    const value = fields[name];
    return name !== 'seed' && name !== 'stop_strings' && value !== null && typeof value === typeof fallback;
  });
  return Object.fromEntries(kept.map(([name]) => [name, fields[name]]));
}

function integers(value: unknown): number[] | undefined {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.every((each): each is number => Number.isInteger(each)) ? list : undefined;
}
