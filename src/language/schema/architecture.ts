import Type from 'typebox';

/** The families that a model may be made of from random weights, as `model_type` of config.json names them. */
export const SCRATCH_FAMILIES = ['bert', 'gpt2', 'llama'] as const;

export type ScratchFamily = (typeof SCRATCH_FAMILIES)[number];

/**
 * Which families have a field, and transformers' default of it there; `undefined` where it follows from other fields.
 */
export const FAMILY_DEFAULTS: Readonly<
  Record<string, Partial<Record<ScratchFamily, number | string | boolean | undefined>>>
> = {
  hidden_size: { bert: 768, llama: 4096 },
  num_hidden_layers: { bert: 12, llama: 32 },
  num_attention_heads: { bert: 12, llama: 32 },
  num_key_value_heads: { llama: undefined },
  intermediate_size: { bert: 3072, llama: 11008 },
  max_position_embeddings: { bert: 512, llama: 2048 },
  n_embd: { gpt2: 768 },
  n_layer: { gpt2: 12 },
  n_head: { gpt2: 12 },
  n_inner: { gpt2: undefined },
  n_positions: { gpt2: 1024 },
  hidden_act: { bert: 'gelu', llama: 'silu' },
  hidden_dropout_prob: { bert: 0.1 },
  attention_probs_dropout_prob: { bert: 0.1 },
  embd_pdrop: { gpt2: 0.1 },
  resid_pdrop: { gpt2: 0.1 },
  attn_pdrop: { gpt2: 0.1 },
  attention_dropout: { llama: 0 },
  type_vocab_size: { bert: 2 },
  tie_word_embeddings: { llama: false },
  initializer_range: { bert: 0.02, gpt2: 0.02, llama: 0.02 },
  layer_norm_eps: { bert: 1e-12 },
  layer_norm_epsilon: { gpt2: 1e-5 },
  rms_norm_eps: { llama: 1e-6 },
};

const CONFIGS: Record<ScratchFamily, string> = {
  bert: 'BertConfig',
  gpt2: 'GPT2Config',
  llama: 'LlamaConfig',
};

/** What a field says of itself: which families have it, and with which default. */
function documented(name: string, description: string) {
  const defaults = FAMILY_DEFAULTS[name] ?? {};
  const families = SCRATCH_FAMILIES.filter((family) => family in defaults);
  const known = families.filter((family) => defaults[family] !== undefined);
  const values = known.map((family) => `${String(defaults[family])} for \`${family}\``).join(', ');
  return {
    description: `${description}${values === '' ? '' : ` Unset takes ${values}.`}`,
    'x-counterpart': families.map((family) => `transformers.${CONFIGS[family]}.${name}`).join(', '),
  };
}

const integer = (name: string, description: string) =>
  Type.Optional(Type.Integer({ ...documented(name, description), minimum: 1 }));
const positive = (name: string, description: string) =>
  Type.Optional(Type.Number({ ...documented(name, description), exclusiveMinimum: 0 }));
const share = (name: string, description: string) =>
  Type.Optional(Type.Number({ ...documented(name, description), minimum: 0, exclusiveMaximum: 1 }));

const DROPPED = 'Share of hidden values that is dropped at random while training.';
const ATTENTION_DROPPED = 'Share of attention weights that is dropped at random while training.';

/** `model.architecture:`: the fields of `config.json` for a model that starts from random weights. */
export const ArchitectureSchema = Type.Object(
  {
    model_type: Type.Enum([...SCRATCH_FAMILIES], {
      description: 'The architecture family, as `config.json` names it.',
      enumDescriptions: [
        'BERT: an encoder that sees both sides of a token, for classification and `fill-mask`.',
        'GPT-2: a decoder with learnt positions, for `text-generation`.',
        'Llama: a decoder with rotary positions and gated layers, for `text-generation`.',
      ],
      'x-counterpart': 'config.json model_type',
    }),
    vocab_size: Type.Optional(
      Type.Integer({
        description: 'Rows of the token embedding. Unset takes the size of the tokenizer’s vocabulary.',
        minimum: 1,
        'x-counterpart': 'config.json vocab_size',
      }),
    ),
    hidden_size: integer('hidden_size', 'Width of the hidden states; a multiple of `num_attention_heads`.'),
    num_hidden_layers: integer('num_hidden_layers', 'Number of layers.'),
    num_attention_heads: integer(
      'num_attention_heads',
      'Attention heads in each layer; each is `hidden_size / num_attention_heads` wide.',
    ),
    num_key_value_heads: integer(
      'num_key_value_heads',
      'Heads that keys and values have; several attention heads share one, which makes generation lighter. Unset takes `num_attention_heads`.',
    ),
    intermediate_size: integer('intermediate_size', 'Width of the feed-forward part of a layer.'),
    max_position_embeddings: integer(
      'max_position_embeddings',
      'The longest sequence the model can read, in tokens; `data.max_length` cannot exceed it.',
    ),
    n_embd: integer('n_embd', 'Width of the hidden states; a multiple of `n_head`.'),
    n_layer: integer('n_layer', 'Number of layers.'),
    n_head: integer('n_head', 'Attention heads in each layer; each is `n_embd / n_head` wide.'),
    n_inner: integer(
      'n_inner',
      'Width of the feed-forward part of a layer. Unset takes four times `n_embd`.',
    ),
    n_positions: integer(
      'n_positions',
      'The longest sequence the model can read, in tokens; `data.max_length` cannot exceed it.',
    ),
    hidden_act: Type.Optional(
      Type.Enum(['gelu', 'silu'], {
        ...documented('hidden_act', 'Activation of the feed-forward part.'),
        enumDescriptions: ['GELU with the exact error function; `bert` alone.', 'SiLU; `llama` alone.'],
      }),
    ),
    hidden_dropout_prob: share('hidden_dropout_prob', DROPPED),
    attention_probs_dropout_prob: share('attention_probs_dropout_prob', ATTENTION_DROPPED),
    embd_pdrop: share('embd_pdrop', 'Share of embedded values that is dropped at random while training.'),
    resid_pdrop: share('resid_pdrop', DROPPED),
    attn_pdrop: share('attn_pdrop', ATTENTION_DROPPED),
    attention_dropout: share('attention_dropout', ATTENTION_DROPPED),
    type_vocab_size: integer('type_vocab_size', 'How many kinds of segments the model tells apart.'),
    tie_word_embeddings: Type.Optional(
      Type.Boolean(
        documented(
          'tie_word_embeddings',
          'Use the token embedding as the output head too: fewer weights, which suits small models.',
        ),
      ),
    ),
    initializer_range: positive(
      'initializer_range',
      'Standard deviation of the normal distribution that new weights are drawn from.',
    ),
    layer_norm_eps: positive(
      'layer_norm_eps',
      'Added to the variance in layer norms, so that they never divide by zero.',
    ),
    layer_norm_epsilon: positive(
      'layer_norm_epsilon',
      'Added to the variance in layer norms, so that they never divide by zero.',
    ),
    rms_norm_eps: positive(
      'rms_norm_eps',
      'Added to the mean square in norms, so that they never divide by zero.',
    ),
  },
  {
    description:
      'The shape of a model that starts from random weights (`base: scratch`): fields of `config.json`, with the defaults of its architecture family.',
    additionalProperties: false,
    'x-counterpart': 'config.json',
  },
);

/** An architecture with the defaults of its family in every field that is not set. */
export function withFamilyDefaults<T extends { model_type: ScratchFamily }>(
  architecture: T,
): T & Record<string, unknown> {
  const defaults = Object.entries(FAMILY_DEFAULTS).flatMap(([name, families]) => {
    const value = families[architecture.model_type];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(defaults), ...architecture };
}
