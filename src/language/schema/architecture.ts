import Type from 'typebox';
import { MOST_LAYERS } from './limits.ts';
import { CONFIG_CLASSES, familiesWith, familyDefault, SCRATCH_FAMILIES } from './architecture-defaults.ts';
import { Nullable } from './field.ts';

/** What a field says of itself: which families have it, and with which default. */
function documented(name: string, description: string) {
  const families = familiesWith(name);
  const known = new Set(families.map((family) => familyDefault(family, name)));
  known.delete(undefined);
  const values = [...known].map((value) => {
    const names = families.filter((family) => familyDefault(family, name) === value);
    return `${String(value)} for ${names.map((family) => `\`${family}\``).join(', ')}`;
  });
  return {
    description: `${description}${values.length === 0 ? '' : ` Unset takes ${values.join('; ')}.`}`,
    'x-counterpart': families.map((family) => `transformers.${CONFIG_CLASSES[family]}.${name}`).join(', '),
  };
}

const integer = (name: string, description: string) =>
  Type.Optional(Type.Integer({ ...documented(name, description), minimum: 1 }));
const layers = (name: string) =>
  Type.Optional(Type.Integer({ ...documented(name, 'Number of layers.'), minimum: 1, maximum: MOST_LAYERS }));
const positive = (name: string, description: string) =>
  Type.Optional(Type.Number({ ...documented(name, description), exclusiveMinimum: 0 }));
const share = (name: string, description: string) =>
  Type.Optional(Type.Number({ ...documented(name, description), minimum: 0, exclusiveMaximum: 1 }));

const cap = (name: string, description: string) =>
  Type.Optional(Nullable(Type.Number({ exclusiveMinimum: 0 }), documented(name, description)));

const flag = (name: string, description: string) =>
  Type.Optional(Type.Boolean(documented(name, description)));

const DROPPED = 'Share of hidden values that is dropped at random while training.';
const ATTENTION_DROPPED = 'Share of attention weights that is dropped at random while training.';

/** `model.architecture:`: the fields of `config.json` for a model that starts from random weights. */
export const ArchitectureSchema = Type.Object(
  {
    model_type: Type.Enum([...SCRATCH_FAMILIES], {
      description: 'The architecture family, as `config.json` names it.',
      enumDescriptions: [
        'BERT: an encoder that sees both sides of a token, for classification and `fill-mask`.',
        'DistilBERT: BERT with fewer layers and without kinds of segments.',
        'RoBERTa: BERT with another head, whose positions are counted from behind the padding token.',
        'XLM-RoBERTa: RoBERTa under the name of its multilingual models.',
        'GPT-2: a decoder with learnt positions, for `text-generation`.',
        'Llama: a decoder with rotary positions and gated layers, for `text-generation`.',
        'Mistral: Llama whose tokens look back a certain number of tokens.',
        'Qwen2: Llama with biases of queries, keys and values.',
        'Qwen3: Llama that normalises queries and keys.',
        'Gemma: Llama with gates of GELU, scaled embeddings, and heads of their own width.',
        'Gemma 2: Gemma with norms behind its layers too, a window in every other layer, and scores and logits that are soft-capped.',
        'Gemma 3, of texts alone: Gemma 2 that normalises queries and keys instead of capping scores, with five layers of six behind a window.',
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
    num_hidden_layers: layers('num_hidden_layers'),
    num_attention_heads: integer(
      'num_attention_heads',
      'Attention heads in each layer; each is `hidden_size / num_attention_heads` wide, where no `head_dim` says otherwise.',
    ),
    num_key_value_heads: integer(
      'num_key_value_heads',
      'Heads that keys and values have; several attention heads share one, which makes generation lighter. `llama` without it takes `num_attention_heads`.',
    ),
    head_dim: integer(
      'head_dim',
      'Width of an attention head, an even number. `llama` and `mistral` without it take `hidden_size / num_attention_heads`.',
    ),
    intermediate_size: integer('intermediate_size', 'Width of the feed-forward part of a layer.'),
    max_position_embeddings: integer(
      'max_position_embeddings',
      'The longest sequence the model can read, in tokens; `data.max_length` cannot exceed it. `roberta` and `xlm-roberta` read fewer: as many less as the id of the padding token, and one.',
    ),
    dim: integer('dim', 'Width of the hidden states; a multiple of `n_heads`.'),
    n_layers: layers('n_layers'),
    n_heads: integer('n_heads', 'Attention heads in each layer; each is `dim / n_heads` wide.'),
    hidden_dim: integer('hidden_dim', 'Width of the feed-forward part of a layer.'),
    n_embd: integer('n_embd', 'Width of the hidden states; a multiple of `n_head`.'),
    n_layer: layers('n_layer'),
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
      Type.Enum(['gelu', 'silu', 'gelu_pytorch_tanh'], {
        ...documented('hidden_act', 'Activation of the feed-forward part.'),
        enumDescriptions: [
          'GELU with the exact error function; of encoders. In `gemma` it means `gelu_pytorch_tanh`.',
          'SiLU; the only one of `llama`, `mistral`, `qwen2` and `qwen3`.',
          'GELU by tanh; of encoders and `gemma`.',
        ],
      }),
    ),
    hidden_activation: Type.Optional(
      Type.Enum(['gelu_pytorch_tanh'], {
        ...documented('hidden_activation', 'Activation of the feed-forward part.'),
        enumDescriptions: ['GELU by tanh.'],
      }),
    ),
    activation: Type.Optional(
      Type.Enum(['gelu', 'relu'], {
        ...documented('activation', 'Activation of the feed-forward part.'),
        enumDescriptions: ['GELU with the exact error function.', 'ReLU.'],
      }),
    ),
    hidden_dropout_prob: share('hidden_dropout_prob', DROPPED),
    attention_probs_dropout_prob: share('attention_probs_dropout_prob', ATTENTION_DROPPED),
    embd_pdrop: share('embd_pdrop', 'Share of embedded values that is dropped at random while training.'),
    resid_pdrop: share('resid_pdrop', DROPPED),
    attn_pdrop: share('attn_pdrop', ATTENTION_DROPPED),
    dropout: share('dropout', DROPPED),
    seq_classif_dropout: share(
      'seq_classif_dropout',
      'Share of the values before the last layer of a text classifier that is dropped at random while training.',
    ),
    attention_dropout: share('attention_dropout', ATTENTION_DROPPED),
    type_vocab_size: integer('type_vocab_size', 'How many kinds of segments the model tells apart.'),
    tie_word_embeddings: flag(
      'tie_word_embeddings',
      'Use the token embedding as the output head too: fewer weights, which suits small models.',
    ),
    attention_bias: flag(
      'attention_bias',
      'Give the linear layers of attention biases. `qwen2` has those of queries, keys and values always.',
    ),
    mlp_bias: flag('mlp_bias', 'Give the linear layers of the feed-forward part biases.'),
    use_sliding_window: flag(
      'use_sliding_window',
      'Let the layers from `max_window_layers` on look back `sliding_window` tokens only.',
    ),
    sliding_window: Type.Optional(
      Nullable(
        Type.Integer({ minimum: 1 }),
        documented(
          'sliding_window',
          'How many tokens a token looks back; `null` for all, which `gemma2` and `gemma3_text` do not take.',
        ),
      ),
    ),
    max_window_layers: Type.Optional(
      Type.Integer({
        ...documented('max_window_layers', 'The first layer that looks back `sliding_window` tokens only.'),
        minimum: 0,
      }),
    ),
    layer_types: Type.Optional(
      Type.Array(Type.Enum(['sliding_attention', 'full_attention']), {
        ...documented(
          'layer_types',
          'For each layer whether its tokens look back `sliding_window` tokens or at all of them. Unset makes every second layer of `gemma2` a full one, and every sixth of `gemma3_text`.',
        ),
        minItems: 1,
      }),
    ),
    query_pre_attn_scalar: integer(
      'query_pre_attn_scalar',
      'Scores of attention are divided by its square root; as a rule the width of a head.',
    ),
    attn_logit_softcapping: cap(
      'attn_logit_softcapping',
      'Scores of attention are held within plus and minus this by a tanh; `null` for no such cap.',
    ),
    final_logit_softcapping: cap(
      'final_logit_softcapping',
      'Logits of tokens are held within plus and minus this by a tanh; `null` for no such cap.',
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
