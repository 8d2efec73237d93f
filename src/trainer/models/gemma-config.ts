import {
  badConfig,
  checkHeads,
  checkOneOf,
  OPTIONAL_NUMBER,
  readFields,
  refuse,
  type Fields,
} from './read-fields.ts';
import { readRotary, readRotaryByLayer, type RotaryConfig } from './rotary.ts';

/** Gemma 1, Gemma 2, and the language model of Gemma 3. */
export const GEMMA_TYPES = ['gemma', 'gemma2', 'gemma3_text'] as const;

/** The fields of a Gemma `config.json` that decide what is computed; names and meaning are transformers' own. */
export interface GemmaConfig {
  readonly model_type: (typeof GEMMA_TYPES)[number];
  readonly vocab_size: number;
  readonly hidden_size: number;
  readonly intermediate_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly num_key_value_heads: number;
  readonly head_dim: number;
  readonly max_position_embeddings: number;
  readonly initializer_range: number;
  readonly rms_norm_eps: number;
  readonly tie_word_embeddings: boolean;
  readonly attention_dropout: number;
  /** Biases of all four linear layers of attention. */
  readonly attention_bias: boolean;
  readonly classifier_dropout: number;
  /** The row of the table of words that starts at zero. */
  readonly pad_token_id: number | undefined;
  /** Scores of attention are divided by its root. */
  readonly query_pre_attn_scalar: number;
  readonly attn_logit_softcapping: number | undefined;
  readonly final_logit_softcapping: number | undefined;
  readonly layers: readonly GemmaLayer[];
}

/** What layers differ in. */
export interface GemmaLayer {
  /** How far back a token looks, in tokens; undefined without a limit. */
  readonly window: number | undefined;
  readonly rotary: RotaryConfig;
}

/** Those of Gemma 2 and 3 in transformers 5.18; Gemma 1 differs as below. */
const DEFAULTS = {
  vocab_size: 256000,
  hidden_size: 2304,
  intermediate_size: 9216,
  num_hidden_layers: 26,
  num_attention_heads: 8,
  num_key_value_heads: 4,
  head_dim: 256,
  max_position_embeddings: 8192,
  initializer_range: 0.02,
  rms_norm_eps: 1e-6,
  tie_word_embeddings: true,
  attention_dropout: 0,
  attention_bias: false,
  classifier_dropout: OPTIONAL_NUMBER,
  query_pre_attn_scalar: 256,
  sliding_window: 4096,
  sliding_window_pattern: 6,
  attn_logit_softcapping: OPTIONAL_NUMBER,
  final_logit_softcapping: OPTIONAL_NUMBER,
};

const OWN_DEFAULTS: Readonly<Record<GemmaConfig['model_type'], Partial<typeof DEFAULTS>>> = {
  gemma: {
    hidden_size: 3072,
    intermediate_size: 24576,
    num_hidden_layers: 28,
    num_attention_heads: 16,
    num_key_value_heads: 16,
  },
  gemma2: { attn_logit_softcapping: 50, final_logit_softcapping: 30 },
  gemma3_text: { vocab_size: 262208, max_position_embeddings: 131072 },
};

const CAPS = ['attn_logit_softcapping', 'final_logit_softcapping'] as const;

/** @throws TunebookError `model/bad-config` */
export function parseGemmaConfig(fields: Fields, file: string): GemmaConfig {
  const type = GEMMA_TYPES.find((known) => known === fields['model_type']) ?? 'gemma';
  const taken = Object.fromEntries(
    CAPS.filter((name) => fields[name] === null).map((name) => [name, OPTIONAL_NUMBER]),
  );
  const counts = /^(vocab_size|hidden_size|num_|intermediate_size|max_position|head_dim|query_pre|sliding)/;
  const read = readFields({ ...DEFAULTS, ...OWN_DEFAULTS[type], ...taken }, fields, file, counts);
  refuse(file, fields, { use_bidirectional_attention: true });
  checkActivation(type, fields, file);
  checkSizes(type, read, file);
  if (type === 'gemma3_text' && read.attn_logit_softcapping !== null)
    throw badConfig(
      file,
      `attn_logit_softcapping is ${read.attn_logit_softcapping}, which transformers reads of a Gemma 3 and does not compute`,
    );
  const isFirst = type === 'gemma';
  return {
    ...read,
    model_type: type,
    classifier_dropout: read.classifier_dropout ?? 0.1,
    pad_token_id: paddingRow(fields, read.vocab_size),
    query_pre_attn_scalar: isFirst ? read.head_dim : read.query_pre_attn_scalar,
    attn_logit_softcapping: isFirst ? undefined : cap(read, 'attn_logit_softcapping', file),
    final_logit_softcapping: isFirst ? undefined : cap(read, 'final_logit_softcapping', file),
    layers: readLayers(type, read, fields, file),
  };
}

/** Gemma 1 says `gelu` where it means the tanh form, and transformers reads it so. */
function checkActivation(type: GemmaConfig['model_type'], fields: Fields, file: string): void {
  const name = type === 'gemma' ? 'hidden_act' : 'hidden_activation';
  const known = ['gelu_pytorch_tanh', ...(type === 'gemma' ? ['gelu'] : [])];
  checkOneOf(file, name, fields[name] ?? 'gelu_pytorch_tanh', known);
}

function checkSizes(type: GemmaConfig['model_type'], read: typeof DEFAULTS, file: string): void {
  const {
    hidden_size: width,
    num_attention_heads: heads,
    num_key_value_heads: shared,
    head_dim: head,
  } = read;
  // Heads have a width of their own, but transformers builds no Gemma 2 or 3 where they do not divide the model's.
  checkHeads(file, width, type === 'gemma' ? 1 : heads, ['hidden_size', 'num_attention_heads']);
  if (head % 2 !== 0) throw badConfig(file, `head_dim ${head} is not an even number`);
  if (heads % shared !== 0)
    throw badConfig(file, `num_attention_heads ${heads} is not a multiple of num_key_value_heads ${shared}`);
}

/** Only a model from scratch is asked for it: configs of finished ones have all kinds of numbers there. */
function paddingRow({ pad_token_id: id = 0 }: Fields, rows: number): number | undefined {
  return typeof id === 'number' && id >= 0 && id < rows ? id : undefined;
}

function cap(read: typeof DEFAULTS, name: (typeof CAPS)[number], file: string): number | undefined {
  const value = read[name] ?? undefined;
  if (value === 0) throw badConfig(file, `${name} is 0, which leaves nothing; null caps nothing`);
  return value;
}

function readLayers(
  type: GemmaConfig['model_type'],
  read: typeof DEFAULTS,
  fields: Fields,
  file: string,
): GemmaLayer[] {
  const rotary = type === 'gemma3_text' ? readRotaryByLayer(fields, file) : undefined;
  const full = { window: undefined, rotary: rotary?.full_attention ?? readRotary(fields, file) };
  const sliding = { window: read.sliding_window, rotary: rotary?.sliding_attention ?? full.rotary };
  const layers = Array.from({ length: read.num_hidden_layers }, (_, i) => i);
  if (type === 'gemma') return layers.map(() => full);
  const pattern = type === 'gemma2' ? 2 : read.sliding_window_pattern;
  const types = fields['layer_types'];
  if (!Array.isArray(types)) return layers.map((i) => ((i + 1) % pattern === 0 ? full : sliding));
  if (types.length !== layers.length)
    throw badConfig(file, `layer_types has ${types.length} entries for num_hidden_layers ${layers.length}`);
  return layers.map((i) => {
    checkOneOf(file, `layer_types[${i}]`, types[i], ['full_attention', 'sliding_attention']);
    return types[i] === 'full_attention' ? full : sliding;
  });
}
