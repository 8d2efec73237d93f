import type { Tensor } from '../graph/graph.ts';
import { swiglu } from '../graph/ops/activation.ts';
import { add } from '../graph/ops/elementwise.ts';
import { takeRows } from '../graph/ops/gather.ts';
import { attentionLayout, type AttentionLayout } from './attention.ts';
import type { BatchInputs } from './batch-inputs.ts';
import type { ModelBuilder } from './builder.ts';
import { gatedMlp, rotaryAttention, type RotaryAttention } from './decoder-layer.ts';
import type { Family, LanguageModelOutput } from './family.ts';
import type { Init } from './parameter.ts';
import { badConfig, checkOneOf, OPTIONAL_NUMBER, readFields, type Fields } from './read-fields.ts';
import { readRotary, rotaryAngles, type RotaryConfig } from './rotary.ts';
import { lastTokens, targetRows } from './rows.ts';

/** Architectures of one build: they differ in biases, norms of queries and keys, and windows. */
export const LLAMA_TYPES = ['llama', 'mistral', 'qwen2', 'qwen3'] as const;

/** The fields of a Llama-like `config.json` that decide what is computed; names and meaning are transformers' own. */
export interface LlamaConfig {
  readonly model_type: (typeof LLAMA_TYPES)[number];
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
  /** Biases of `q_proj`, `k_proj`, `v_proj`. */
  readonly attention_bias: boolean;
  /** Bias of `o_proj`; Qwen2 has none there. */
  readonly output_bias: boolean;
  readonly mlp_bias: boolean;
  readonly classifier_dropout: number;
  /** The row of the table of words that starts at zero. */
  readonly pad_token_id: number | undefined;
  readonly rotary: RotaryConfig;
  /** For each layer how far back a token looks, in tokens; undefined without a limit. */
  readonly windows: readonly (number | undefined)[];
}

const DEFAULTS = {
  vocab_size: 32000,
  hidden_size: 4096,
  intermediate_size: 11008,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: OPTIONAL_NUMBER,
  head_dim: OPTIONAL_NUMBER,
  max_position_embeddings: 2048,
  initializer_range: 0.02,
  rms_norm_eps: 1e-6,
  tie_word_embeddings: false,
  attention_dropout: 0,
  attention_bias: false,
  mlp_bias: false,
  classifier_dropout: OPTIONAL_NUMBER,
  sliding_window: OPTIONAL_NUMBER,
  max_window_layers: 28,
  use_sliding_window: false,
  hidden_act: 'silu',
};

/** The defaults of transformers 5.18 where they differ from LlamaConfig's. */
const OWN_DEFAULTS: Readonly<Record<LlamaConfig['model_type'], Partial<typeof DEFAULTS>>> = {
  llama: {},
  mistral: {
    intermediate_size: 14336,
    num_key_value_heads: 8,
    max_position_embeddings: 4096 * 32,
    sliding_window: 4096,
  },
  qwen2: {
    vocab_size: 151936,
    intermediate_size: 22016,
    num_key_value_heads: 32,
    max_position_embeddings: 32768,
    sliding_window: 4096,
  },
  qwen3: {
    vocab_size: 151936,
    intermediate_size: 22016,
    num_key_value_heads: 32,
    head_dim: 128,
    max_position_embeddings: 32768,
    sliding_window: 4096,
  },
};

/** @throws TunebookError `model/bad-config` */
export function parseLlamaConfig(fields: Fields, file: string): LlamaConfig {
  const type = LLAMA_TYPES.find((known) => known === fields['model_type']) ?? 'llama';
  const counts = /^(vocab_size|hidden_size|num_|intermediate_size|max_position|head_dim)/;
  const read = readFields(
    { ...DEFAULTS, ...OWN_DEFAULTS[type], ...givenNulls(fields) },
    fields,
    file,
    counts,
  );
  const heads = read.num_attention_heads;
  const keyValueHeads = read.num_key_value_heads ?? heads;
  const head = read.head_dim ?? read.hidden_size / heads;
  checkOneOf(file, 'hidden_act', read.hidden_act, ['silu']);
  if (!Number.isInteger(head) || head % 2 !== 0)
    throw badConfig(
      file,
      `a head is ${head} wide, which is not an even number (hidden_size, num_attention_heads, head_dim)`,
    );
  if (read.hidden_size % 4 !== 0)
    throw badConfig(file, `hidden_size ${read.hidden_size} is not a multiple of 4`);
  if (heads % keyValueHeads !== 0)
    throw badConfig(
      file,
      `num_attention_heads ${heads} is not a multiple of num_key_value_heads ${keyValueHeads}`,
    );
  return {
    ...read,
    model_type: type,
    num_key_value_heads: keyValueHeads,
    head_dim: head,
    attention_bias: type === 'qwen2' || read.attention_bias,
    output_bias: type !== 'qwen2' && type !== 'mistral' && read.attention_bias,
    classifier_dropout: read.classifier_dropout ?? 0.1,
    pad_token_id: paddingRow(fields, read.vocab_size),
    rotary: readRotary({ ...fields, max_position_embeddings: read.max_position_embeddings }, file),
    windows: readWindows(type, read, fields, file),
  };
}

/** Only a model from scratch is asked for it: configs of finished ones have all kinds of numbers there. */
function paddingRow({ pad_token_id: id }: Fields, rows: number): number | undefined {
  return typeof id === 'number' && id >= 0 && id < rows ? id : undefined;
}

/** Numbers that a config takes back: `sliding_window: null` is no window, whatever the family's default is. */
function givenNulls(fields: Fields): Partial<typeof DEFAULTS> {
  const names = ['num_key_value_heads', 'head_dim', 'sliding_window', 'classifier_dropout'] as const;
  return Object.fromEntries(
    names.filter((name) => fields[name] === null).map((name) => [name, OPTIONAL_NUMBER]),
  );
}

function readWindows(
  type: LlamaConfig['model_type'],
  read: typeof DEFAULTS,
  fields: Fields,
  file: string,
): (number | undefined)[] {
  const layers = Array.from({ length: read.num_hidden_layers }, (_, i) => i);
  const window = read.sliding_window ?? undefined;
  if (type === 'llama' || window === undefined) return layers.map(() => undefined);
  if (type === 'mistral') return layers.map(() => window);
  const types = fields['layer_types'];
  if (!Array.isArray(types))
    return layers.map((i) => (read.use_sliding_window && i >= read.max_window_layers ? window : undefined));
  return layers.map((i) => {
    checkOneOf(file, `layer_types[${i}]`, types[i], ['full_attention', 'sliding_attention']);
    return types[i] === 'sliding_attention' && read.use_sliding_window ? window : undefined;
  });
}

const CLASS_NAMES = { llama: 'Llama', mistral: 'Mistral', qwen2: 'Qwen2', qwen3: 'Qwen3' };

export function llamaFamily(config: LlamaConfig): Family {
  const name = CLASS_NAMES[config.model_type];
  return {
    loraTargets: ['q_proj', 'v_proj'],
    'text-generation': {
      className: `${name}ForCausalLM`,
      modules: [],
      ...(config.tie_word_embeddings ? { tied: { embedding: 'model.embed_tokens', output: 'lm_head' } } : {}),
      build: (b, inputs) => languageModel(b, config, inputs),
    },
    'text-classification': {
      className: `${name}ForSequenceClassification`,
      modules: ['score'],
      logits: (b, inputs, numLabels) => {
        const last = takeRows(b.graph, decoder(b, config, inputs), lastTokens(b, inputs));
        return b.linear('score', norm(b, config, last), numLabels, normal(config), { bias: false });
      },
    },
    'token-classification': {
      className: `${name}ForTokenClassification`,
      modules: ['score'],
      logits: (b, inputs, numLabels) => {
        const targets = norm(b, config, targetRows(b, decoder(b, config, inputs)));
        return b.linear('score', b.dropout(targets, config.classifier_dropout), numLabels, normal(config));
      },
    },
  };
}

/** LlamaForCausalLM, for the tokens whose next token is predicted. */
function languageModel(b: ModelBuilder, config: LlamaConfig, inputs: BatchInputs): LanguageModelOutput {
  const hidden = norm(b, config, targetRows(b, decoder(b, config, inputs)));
  if (config.tie_word_embeddings)
    return { hidden, weight: b.parameters.get('model.embed_tokens.weight')!.tensor };
  const shape = [config.vocab_size, config.hidden_size];
  return { hidden, weight: b.parameter('lm_head.weight', shape, 'weight', normal(config)) };
}

/** The layers (Touvron et al. 2023; transformers' LlamaModel) without the last norm: `hidden_states [tokens, hidden]`. */
function decoder(b: ModelBuilder, config: LlamaConfig, inputs: BatchInputs): Tensor {
  const g = b.graph;
  const { vocab_size, hidden_size: width, rms_norm_eps: eps } = config;
  const angles = rotaryAngles(b, inputs, config.head_dim, config.rotary);
  const layouts = new Map<number | undefined, AttentionLayout>();
  for (const window of new Set(config.windows)) {
    const { num_attention_heads: heads, num_key_value_heads: keyValueHeads } = config;
    const shape = { heads, keyValueHeads, causal: true, ...(window === undefined ? {} : { window }) };
    layouts.set(window, attentionLayout(b, inputs, shape));
  }

  const words = {
    ...normal(config),
    ...(config.pad_token_id === undefined ? {} : { zeroRow: config.pad_token_id }),
  };
  let hidden = b.checkpoint(b.embedding('model.embed_tokens', inputs.input_ids, [vocab_size, width], words));
  config.windows.forEach((window, i) => {
    const name = `model.layers.${i}`;
    const attended = selfAttention(b, config, {
      name: `${name}.self_attn`,
      x: b.rmsNorm(`${name}.input_layernorm`, hidden, eps),
      layout: layouts.get(window)!,
      angles,
    });
    const sum = add(g, hidden, attended);
    const fed = gatedMlp(b, {
      name: `${name}.mlp`,
      x: b.rmsNorm(`${name}.post_attention_layernorm`, sum, eps),
      inner: config.intermediate_size,
      init: normal(config),
      bias: config.mlp_bias,
      product: swiglu,
    });
    hidden = b.checkpoint(add(g, sum, fed));
  });
  return hidden;
}

function selfAttention(
  b: ModelBuilder,
  config: LlamaConfig,
  place: Pick<RotaryAttention, 'name' | 'x' | 'layout' | 'angles'>,
): Tensor {
  const { head_dim: head, rms_norm_eps: eps } = config;
  return rotaryAttention(b, {
    ...place,
    heads: config.num_attention_heads,
    keyValueHeads: config.num_key_value_heads,
    head,
    init: normal(config),
    bias: config.attention_bias,
    outputBias: config.output_bias,
    dropout: config.attention_dropout,
    scaling: head ** -0.5,
    // Qwen3 normalises each head of queries and keys.
    ...(config.model_type === 'qwen3' ? { norm: (name, x) => b.rmsNorm(name, x, eps) } : {}),
  });
}

function norm(b: ModelBuilder, config: LlamaConfig, x: Tensor): Tensor {
  return b.rmsNorm('model.norm', x, config.rms_norm_eps);
}

function normal(config: LlamaConfig): Extract<Init, { kind: 'normal' }> {
  return { kind: 'normal', std: config.initializer_range };
}
