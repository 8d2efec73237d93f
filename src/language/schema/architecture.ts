import Type from 'typebox';

const of = (name: string) => `transformers.BertConfig.${name}`;

/** `model.architecture:`: the fields of `config.json` for a model that starts from random weights. */
export const ArchitectureSchema = Type.Object(
  {
    model_type: Type.Enum(['bert'], {
      description: 'The architecture family, as `config.json` names it.',
      enumDescriptions: ['BERT: a bidirectional encoder.'],
      'x-counterpart': of('model_type'),
    }),
    vocab_size: Type.Optional(
      Type.Integer({
        description: 'Rows of the token embedding. Unset takes the size of the tokenizer’s vocabulary.',
        minimum: 1,
        'x-counterpart': of('vocab_size'),
      }),
    ),
    hidden_size: Type.Optional(
      Type.Integer({
        description: 'Width of the hidden states; a multiple of `num_attention_heads`.',
        default: 768,
        minimum: 1,
        'x-counterpart': of('hidden_size'),
      }),
    ),
    num_hidden_layers: Type.Optional(
      Type.Integer({
        description: 'Number of encoder layers.',
        default: 12,
        minimum: 1,
        'x-counterpart': of('num_hidden_layers'),
      }),
    ),
    num_attention_heads: Type.Optional(
      Type.Integer({
        description: 'Attention heads in each layer; each is `hidden_size / num_attention_heads` wide.',
        default: 12,
        minimum: 1,
        'x-counterpart': of('num_attention_heads'),
      }),
    ),
    intermediate_size: Type.Optional(
      Type.Integer({
        description: 'Width of the feed-forward part of a layer, usually four times `hidden_size`.',
        default: 3072,
        minimum: 1,
        'x-counterpart': of('intermediate_size'),
      }),
    ),
    hidden_act: Type.Optional(
      Type.Enum(['gelu'], {
        description: 'Activation of the feed-forward part.',
        default: 'gelu',
        enumDescriptions: ['GELU with the exact error function.'],
        'x-counterpart': of('hidden_act'),
      }),
    ),
    hidden_dropout_prob: Type.Optional(
      Type.Number({
        description: 'Share of hidden values that is dropped at random while training.',
        default: 0.1,
        minimum: 0,
        exclusiveMaximum: 1,
        'x-counterpart': of('hidden_dropout_prob'),
      }),
    ),
    attention_probs_dropout_prob: Type.Optional(
      Type.Number({
        description: 'Share of attention weights that is dropped at random while training.',
        default: 0.1,
        minimum: 0,
        exclusiveMaximum: 1,
        'x-counterpart': of('attention_probs_dropout_prob'),
      }),
    ),
    max_position_embeddings: Type.Optional(
      Type.Integer({
        description:
          'The longest sequence the model can read, in tokens; `data.max_length` cannot exceed it.',
        default: 512,
        minimum: 1,
        'x-counterpart': of('max_position_embeddings'),
      }),
    ),
    type_vocab_size: Type.Optional(
      Type.Integer({
        description: 'How many kinds of segments the model tells apart.',
        default: 2,
        minimum: 1,
        'x-counterpart': of('type_vocab_size'),
      }),
    ),
    initializer_range: Type.Optional(
      Type.Number({
        description: 'Standard deviation of the normal distribution that new weights are drawn from.',
        default: 0.02,
        exclusiveMinimum: 0,
        'x-counterpart': of('initializer_range'),
      }),
    ),
    layer_norm_eps: Type.Optional(
      Type.Number({
        description: 'Added to the variance in layer norms, so that they never divide by zero.',
        default: 1e-12,
        exclusiveMinimum: 0,
        'x-counterpart': of('layer_norm_eps'),
      }),
    ),
  },
  {
    description:
      'The shape of a model that starts from random weights (`base: scratch`): fields of `config.json`, with the defaults of its architecture family.',
    additionalProperties: false,
    'x-counterpart': 'config.json',
  },
);
