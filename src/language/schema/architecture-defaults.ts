/** The families that a model may be made of from random weights, as `model_type` of config.json names them. */
export const SCRATCH_FAMILIES = [
  'bert',
  'distilbert',
  'roberta',
  'xlm-roberta',
  'gpt2',
  'llama',
  'mistral',
  'qwen2',
  'qwen3',
  'gemma',
  'gemma2',
  'gemma3_text',
] as const;

export type ScratchFamily = (typeof SCRATCH_FAMILIES)[number];

/** Fields of a family's config.json with transformers' default of each; `undefined` where it follows from other fields. */
type Defaults = Readonly<Record<string, number | string | boolean | undefined>>;

const BERT: Defaults = {
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
  max_position_embeddings: 512,
  hidden_act: 'gelu',
  hidden_dropout_prob: 0.1,
  attention_probs_dropout_prob: 0.1,
  type_vocab_size: 2,
  initializer_range: 0.02,
  layer_norm_eps: 1e-12,
};

const DISTILBERT: Defaults = {
  dim: 768,
  n_layers: 6,
  n_heads: 12,
  hidden_dim: 3072,
  max_position_embeddings: 512,
  activation: 'gelu',
  dropout: 0.1,
  attention_dropout: 0.1,
  seq_classif_dropout: 0.2,
  initializer_range: 0.02,
};

const GPT2: Defaults = {
  n_embd: 768,
  n_layer: 12,
  n_head: 12,
  n_inner: undefined,
  n_positions: 1024,
  embd_pdrop: 0.1,
  resid_pdrop: 0.1,
  attn_pdrop: 0.1,
  initializer_range: 0.02,
  layer_norm_epsilon: 1e-5,
};

/** What Llama and its relatives have in common. */
const ROTARY: Defaults = {
  hidden_size: 4096,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  hidden_act: 'silu',
  attention_dropout: 0,
  tie_word_embeddings: false,
  initializer_range: 0.02,
  rms_norm_eps: 1e-6,
};

const LLAMA: Defaults = {
  ...ROTARY,
  num_key_value_heads: undefined,
  head_dim: undefined,
  intermediate_size: 11008,
  max_position_embeddings: 2048,
  attention_bias: false,
  mlp_bias: false,
};

const MISTRAL: Defaults = {
  ...ROTARY,
  num_key_value_heads: 8,
  head_dim: undefined,
  intermediate_size: 14336,
  max_position_embeddings: 131072,
  sliding_window: 4096,
};

const QWEN2: Defaults = {
  ...ROTARY,
  num_key_value_heads: 32,
  intermediate_size: 22016,
  max_position_embeddings: 32768,
  use_sliding_window: false,
  sliding_window: 4096,
  max_window_layers: 28,
};

const GEMMA: Defaults = {
  ...ROTARY,
  hidden_size: 3072,
  num_hidden_layers: 28,
  num_attention_heads: 16,
  num_key_value_heads: 16,
  head_dim: 256,
  intermediate_size: 24576,
  max_position_embeddings: 8192,
  hidden_act: 'gelu_pytorch_tanh',
  attention_bias: false,
  tie_word_embeddings: true,
};

/** What Gemma 2 and 3 have in common: layers of two kinds. */
const TWO_KINDS: Defaults = {
  ...without('hidden_act', GEMMA),
  hidden_size: 2304,
  num_hidden_layers: 26,
  num_attention_heads: 8,
  num_key_value_heads: 4,
  intermediate_size: 9216,
  hidden_activation: 'gelu_pytorch_tanh',
  query_pre_attn_scalar: 256,
  sliding_window: 4096,
  layer_types: undefined,
};

function without(name: string, defaults: Defaults): Defaults {
  return Object.fromEntries(Object.entries(defaults).filter(([each]) => each !== name));
}

/** What each family has. */
const DEFAULTS: Readonly<Record<ScratchFamily, Defaults>> = {
  bert: BERT,
  distilbert: DISTILBERT,
  roberta: BERT,
  'xlm-roberta': BERT,
  gpt2: GPT2,
  llama: LLAMA,
  mistral: MISTRAL,
  qwen2: QWEN2,
  qwen3: { ...QWEN2, head_dim: 128, attention_bias: false },
  gemma: GEMMA,
  gemma2: { ...TWO_KINDS, final_logit_softcapping: 30, attn_logit_softcapping: 50 },
  gemma3_text: { ...TWO_KINDS, max_position_embeddings: 131072, final_logit_softcapping: undefined },
};

/** The class of transformers that holds each family's config. */
export const CONFIG_CLASSES: Readonly<Record<ScratchFamily, string>> = {
  bert: 'BertConfig',
  distilbert: 'DistilBertConfig',
  roberta: 'RobertaConfig',
  'xlm-roberta': 'XLMRobertaConfig',
  gpt2: 'GPT2Config',
  llama: 'LlamaConfig',
  mistral: 'MistralConfig',
  qwen2: 'Qwen2Config',
  qwen3: 'Qwen3Config',
  gemma: 'GemmaConfig',
  gemma2: 'Gemma2Config',
  gemma3_text: 'Gemma3TextConfig',
};

/** Every field that some family has. */
export const ARCHITECTURE_FIELDS: readonly string[] = [
  ...new Set(SCRATCH_FAMILIES.flatMap((family) => Object.keys(DEFAULTS[family]))),
];

/** The families that have a field, in their order. */
export function familiesWith(name: string): ScratchFamily[] {
  return SCRATCH_FAMILIES.filter((family) => Object.hasOwn(DEFAULTS[family], name));
}

/** Transformers' default of a field in a family; `undefined` where it follows from other fields, or the family has no such field. */
export function familyDefault(family: ScratchFamily, name: string): Defaults[string] {
  return DEFAULTS[family][name];
}

/** An architecture with the defaults of its family in every field that is not set. */
export function withFamilyDefaults<T extends { model_type: ScratchFamily }>(
  architecture: T,
): T & Record<string, unknown> {
  const known = Object.entries(DEFAULTS[architecture.model_type]).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(known), ...architecture };
}
