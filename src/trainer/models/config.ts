import { TunebookError } from '../../protocol/error.ts';
import type { BertConfig } from './bert.ts';

/** The architectures that the trainer computes itself, as `model_type` in config.json names them. */
export const KNOWN_MODEL_TYPES = ['bert'] as const;

/** The defaults of transformers 5.18's BertConfig, for fields that a config.json leaves out. */
const BERT_DEFAULTS: Omit<BertConfig, 'model_type'> = {
  vocab_size: 30522,
  hidden_size: 768,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  intermediate_size: 3072,
  hidden_act: 'gelu',
  hidden_dropout_prob: 0.1,
  attention_probs_dropout_prob: 0.1,
  classifier_dropout: null,
  max_position_embeddings: 512,
  type_vocab_size: 2,
  initializer_range: 0.02,
  layer_norm_eps: 1e-12,
  pad_token_id: 0,
};

const ACTIVATIONS = ['gelu', 'gelu_new', 'gelu_pytorch_tanh', 'relu', 'silu'];

/**
 * Reads the fields of a `config.json` (or of an `architecture:` block) that the model is computed from.
 * @param file where the fields stand, for messages
 * @throws TunebookError `model/unknown-architecture`, `model/bad-config`
 */
export function parseModelConfig(fields: Readonly<Record<string, unknown>>, file: string): BertConfig {
  const type = fields['model_type'];
  if (type !== 'bert') {
    throw new TunebookError(
      'model/unknown-architecture',
      typeof type === 'string'
        ? `The model is of type "${type}", which the trainer does not compute yet.`
        : 'The config names no model_type.',
      { hint: `Known types: ${KNOWN_MODEL_TYPES.join(', ')}.`, location: { file } },
    );
  }
  const position = fields['position_embedding_type'];
  if (position !== undefined && position !== 'absolute') {
    throw badConfig(
      file,
      `position_embedding_type is ${JSON.stringify(position)}; only "absolute" is computed`,
    );
  }
  const read = { model_type: 'bert' as const, ...BERT_DEFAULTS, ...pick(fields, file) };
  if (read.hidden_size % read.num_attention_heads !== 0) {
    throw badConfig(
      file,
      `hidden_size ${read.hidden_size} is not a multiple of num_attention_heads ${read.num_attention_heads}`,
    );
  }
  if (read.hidden_size % 4 !== 0)
    throw badConfig(file, `hidden_size ${read.hidden_size} is not a multiple of 4`);
  if (!ACTIVATIONS.includes(read.hidden_act)) {
    throw badConfig(file, `hidden_act "${read.hidden_act}" is not one of ${ACTIVATIONS.join(', ')}`);
  }
  return read;
}

/** The fields of a BertConfig that are given, each of the type that its default has. */
function pick(fields: Readonly<Record<string, unknown>>, file: string): Partial<BertConfig> {
  const given: Record<string, unknown> = {};
  for (const [name, fallback] of Object.entries(BERT_DEFAULTS)) {
    const value = fields[name];
    if (value === undefined || (value === null && fallback === null)) continue;
    const wanted = fallback === null ? 'number' : typeof fallback;
    if (typeof value !== wanted)
      throw badConfig(file, `${name} is ${JSON.stringify(value)}, not a ${wanted}`);
    if (
      typeof value === 'number' &&
      (value < 0 || (isCount(name) && !(Number.isInteger(value) && value > 0)))
    ) {
      throw badConfig(file, `${name} is ${value}`);
    }
    given[name] = value;
  }
  return given;
}

function isCount(name: string): boolean {
  return /^(vocab_size|hidden_size|num_|intermediate_size|max_position|type_vocab)/.test(name);
}

function badConfig(file: string, what: string): TunebookError {
  return new TunebookError('model/bad-config', `The model's config is not usable: ${what}.`, {
    hint: 'The config.json must be the one that was saved with the weights.',
    location: { file },
  });
}
