import type { Tensor } from '../graph/graph.ts';
import { gelu, geluTanh, relu, silu, tanh } from '../graph/ops/activation.ts';
import { add } from '../graph/ops/elementwise.ts';
import { takeRows } from '../graph/ops/gather.ts';
import { attention, attentionLayout } from './attention.ts';
import type { BatchInputs } from './batch-inputs.ts';
import type { ModelBuilder } from './builder.ts';
import type { Family } from './family.ts';
import type { Init } from './parameter.ts';
import { badConfig, checkHeads, checkOneOf, readFields, refuse, type Fields } from './read-fields.ts';
import { firstTokens, targetRows } from './rows.ts';

/** The fields of a BERT `config.json` that decide what is computed; names and meaning are transformers' BertConfig. */
export interface BertConfig {
  readonly model_type: 'bert';
  readonly vocab_size: number;
  readonly hidden_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly intermediate_size: number;
  readonly hidden_act: 'gelu' | 'gelu_new' | 'gelu_pytorch_tanh' | 'relu' | 'silu';
  readonly hidden_dropout_prob: number;
  readonly attention_probs_dropout_prob: number;
  readonly classifier_dropout: number | null;
  readonly max_position_embeddings: number;
  readonly type_vocab_size: number;
  readonly initializer_range: number;
  readonly layer_norm_eps: number;
  readonly pad_token_id: number;
}

export const ACTIVATIONS = { gelu, gelu_new: geluTanh, gelu_pytorch_tanh: geluTanh, relu, silu };

/** The defaults of transformers 5.18's BertConfig, for fields that a config.json leaves out. */
export const BERT_DEFAULTS: Omit<BertConfig, 'model_type'> = {
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

/** @throws TunebookError `model/bad-config` */
export function parseBertConfig(fields: Fields, file: string): BertConfig {
  return { ...readBertFields(BERT_DEFAULTS, fields, file), model_type: 'bert' };
}

/** Reads what all configs of BERT's kind have in common. */
export function readBertFields(
  defaults: Omit<BertConfig, 'model_type'>,
  fields: Fields,
  file: string,
): Omit<BertConfig, 'model_type'> {
  const position = fields['position_embedding_type'];
  if (position !== undefined && position !== 'absolute')
    throw badConfig(
      file,
      `position_embedding_type is ${JSON.stringify(position)}; only "absolute" is computed`,
    );
  refuse(file, fields, { is_decoder: true, add_cross_attention: true, tie_word_embeddings: false });
  const counts = /^(vocab_size|hidden_size|num_|intermediate_size|max_position|type_vocab)/;
  const config = readFields(defaults, fields, file, counts);
  checkHeads(file, config.hidden_size, config.num_attention_heads, ['hidden_size', 'num_attention_heads']);
  checkOneOf(file, 'hidden_act', config.hidden_act, Object.keys(ACTIVATIONS));
  return config;
}

export function bertFamily(config: BertConfig): Family {
  return {
    loraTargets: ['query', 'value'],
    'text-classification': {
      className: 'BertForSequenceClassification',
      modules: ['classifier'],
      mayBeFresh: ['pooler'],
      logits: (b, inputs, numLabels) => sequenceLogits(b, config, inputs, numLabels),
    },
    'token-classification': {
      className: 'BertForTokenClassification',
      modules: ['classifier'],
      logits: (b, inputs, numLabels) => tokenLogits(b, config, inputs, numLabels),
    },
    'fill-mask': {
      className: 'BertForMaskedLM',
      modules: ['cls'],
      tied: { embedding: 'bert.embeddings.word_embeddings', output: 'cls.predictions.decoder' },
      build: (b, inputs) => maskedLanguageModel(b, config, inputs),
    },
  };
}

/**
 * The encoder (Devlin et al. 2019; transformers' BertModel without pooler): `hidden_states [tokens, hidden]`.
 * @param options what the names of its parameters begin with, and the row of the position table that a sequence begins with
 */
export function bertEncoder(
  b: ModelBuilder,
  config: Omit<BertConfig, 'model_type'>,
  inputs: BatchInputs,
  { prefix = 'bert', firstPosition = 0 } = {},
): Tensor {
  const g = b.graph;
  const init = normal(config);
  const { hidden_size: width, layer_norm_eps: eps } = config;
  const table = (name: string, ids: Tensor, rows: number, rowInit = init) =>
    b.embedding(`${prefix}.embeddings.${name}`, ids, [rows, width], rowInit);

  const words = table('word_embeddings', inputs.input_ids, config.vocab_size, {
    ...init,
    zeroRow: config.pad_token_id,
  });
  const types = table('token_type_embeddings', b.ids('token_type_ids', ['tokens']), config.type_vocab_size);
  const positions = b.embedding(
    `${prefix}.embeddings.position_embeddings`,
    inputs.position_ids,
    [config.max_position_embeddings, width],
    firstPosition === 0 ? init : { ...init, zeroRow: firstPosition - 1 },
    firstPosition,
  );
  const embedded = b.layerNorm(
    `${prefix}.embeddings.LayerNorm`,
    add(g, add(g, words, types), positions),
    eps,
  );

  const layout = attentionLayout(b, inputs, { heads: config.num_attention_heads });
  let hidden = b.checkpoint(b.dropout(embedded, config.hidden_dropout_prob));
  for (let i = 0; i < config.num_hidden_layers; i++) {
    const name = `${prefix}.encoder.layer.${i}`;
    const context = attention(b, layout, {
      query: b.linear(`${name}.attention.self.query`, hidden, width, init),
      key: b.linear(`${name}.attention.self.key`, hidden, width, init),
      value: b.linear(`${name}.attention.self.value`, hidden, width, init),
      dropout: config.attention_probs_dropout_prob,
    });
    const attended = sublayer(b, config, `${name}.attention.output`, context, hidden);
    const inner = b.linear(`${name}.intermediate.dense`, attended, config.intermediate_size, init);
    const activated = ACTIVATIONS[config.hidden_act](g, inner);
    hidden = b.checkpoint(sublayer(b, config, `${name}.output`, activated, attended));
  }
  return hidden;
}

/** BertForSequenceClassification: `logits [batch, num_labels]`, read off the first token of each sequence. */
function sequenceLogits(b: ModelBuilder, config: BertConfig, inputs: BatchInputs, numLabels: number): Tensor {
  const hidden = bertEncoder(b, config, inputs);
  const first = takeRows(b.graph, hidden, firstTokens(b, inputs));
  const pooled = tanh(b.graph, b.linear('bert.pooler.dense', first, config.hidden_size, normal(config)));
  return classify(b, config, pooled, numLabels);
}

/** BertForTokenClassification: `logits [targets, num_labels]` of the tokens that have a label. */
function tokenLogits(b: ModelBuilder, config: BertConfig, inputs: BatchInputs, numLabels: number): Tensor {
  return classify(b, config, targetRows(b, bertEncoder(b, config, inputs)), numLabels);
}

function classify(b: ModelBuilder, config: BertConfig, x: Tensor, numLabels: number): Tensor {
  const dropped = b.dropout(x, config.classifier_dropout ?? config.hidden_dropout_prob);
  return b.linear('classifier', dropped, numLabels, normal(config));
}

/** BertForMaskedLM, for the masked tokens alone. The decoder is tied to the word embeddings. */
function maskedLanguageModel(b: ModelBuilder, config: BertConfig, inputs: BatchInputs) {
  const name = 'cls.predictions';
  const targets = targetRows(b, bertEncoder(b, config, inputs));
  const dense = b.linear(`${name}.transform.dense`, targets, config.hidden_size, normal(config));
  const activated = ACTIVATIONS[config.hidden_act](b.graph, dense);
  return {
    hidden: b.layerNorm(`${name}.transform.LayerNorm`, activated, config.layer_norm_eps),
    weight: b.parameters.get('bert.embeddings.word_embeddings.weight')!.tensor,
    bias: b.parameter(`${name}.bias`, [config.vocab_size], 'bias', { kind: 'constant', value: 0 }),
  };
}

/** A dense layer, dropout, and the sum with the layer's input, normalised. */
function sublayer(
  b: ModelBuilder,
  config: Omit<BertConfig, 'model_type'>,
  name: string,
  x: Tensor,
  input: Tensor,
): Tensor {
  const dense = b.linear(`${name}.dense`, x, config.hidden_size, normal(config));
  const sum = add(b.graph, b.dropout(dense, config.hidden_dropout_prob), input);
  return b.layerNorm(`${name}.LayerNorm`, sum, config.layer_norm_eps);
}

function normal(config: Pick<BertConfig, 'initializer_range'>): Extract<Init, { kind: 'normal' }> {
  return { kind: 'normal', std: config.initializer_range };
}
