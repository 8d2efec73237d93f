import type { Tensor } from '../graph/graph.ts';
import { gelu, geluTanh, relu, silu, tanh } from '../graph/ops/activation.ts';
import { add } from '../graph/ops/elementwise.ts';
import { takeRows } from '../graph/ops/gather.ts';
import { linear } from '../graph/ops/matmul.ts';
import { attention, attentionLayout } from './attention.ts';
import type { BatchInputs } from './batch-inputs.ts';
import type { ModelBuilder } from './builder.ts';
import type { Init } from './parameter.ts';

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

/** BERT reads besides the tokens which segment each is of: `token_type_ids [tokens] int32`. */
export interface BertInputs extends BatchInputs {
  readonly token_type_ids: Tensor;
}

const ACTIVATIONS = { gelu, gelu_new: geluTanh, gelu_pytorch_tanh: geluTanh, relu, silu };

/** The encoder (Devlin et al. 2019; transformers' BertModel without pooler): `hidden_states [tokens, hidden]`. */
export function bertEncoder(b: ModelBuilder, config: BertConfig, inputs: BertInputs): Tensor {
  const g = b.graph;
  const init = normal(config);
  const { hidden_size: width, layer_norm_eps: eps } = config;
  const table = (name: string, ids: Tensor, rows: number, rowInit = init) =>
    b.embedding(`bert.embeddings.${name}`, ids, rows, width, rowInit);

  const words = table('word_embeddings', inputs.input_ids, config.vocab_size, {
    ...init,
    zeroRow: config.pad_token_id,
  });
  const types = table('token_type_embeddings', inputs.token_type_ids, config.type_vocab_size);
  const positions = table('position_embeddings', inputs.position_ids, config.max_position_embeddings);
  const embedded = b.layerNorm('bert.embeddings.LayerNorm', add(g, add(g, words, types), positions), eps);

  const layout = attentionLayout(b, inputs, config.num_attention_heads);
  let hidden = b.dropout(embedded, config.hidden_dropout_prob);
  for (let i = 0; i < config.num_hidden_layers; i++) {
    const name = `bert.encoder.layer.${i}`;
    const context = attention(b, layout, {
      query: b.linear(`${name}.attention.self.query`, hidden, width, init),
      key: b.linear(`${name}.attention.self.key`, hidden, width, init),
      value: b.linear(`${name}.attention.self.value`, hidden, width, init),
      dropout: config.attention_probs_dropout_prob,
    });
    const attended = sublayer(b, config, `${name}.attention.output`, context, hidden);
    const inner = b.linear(`${name}.intermediate.dense`, attended, config.intermediate_size, init);
    hidden = sublayer(b, config, `${name}.output`, ACTIVATIONS[config.hidden_act](g, inner), attended);
  }
  return hidden;
}

/** BertForSequenceClassification: `logits [batch, num_labels]`, read off the first token of each sequence. */
export function bertForSequenceClassification(
  b: ModelBuilder,
  config: BertConfig,
  inputs: BertInputs,
  numLabels: number,
): Tensor {
  const hidden = bertEncoder(b, config, inputs);
  const first = takeRows(b.graph, hidden, firstTokens(b, inputs));
  const pooled = tanh(b.graph, b.linear('bert.pooler.dense', first, config.hidden_size, normal(config)));
  const dropped = b.dropout(pooled, config.classifier_dropout ?? config.hidden_dropout_prob);
  return b.linear('classifier', dropped, numLabels, normal(config));
}

/**
 * BertForMaskedLM: `logits [targets, vocab]` for the tokens that `target_index [targets] int32` names; the others
 * take no part in the loss, so nothing is computed for them. The decoder is tied to the word embeddings.
 */
export function bertForMaskedLM(b: ModelBuilder, config: BertConfig, inputs: BertInputs): Tensor {
  const g = b.graph;
  const hidden = bertEncoder(b, config, inputs);
  const targets = takeRows(g, hidden, b.ids('target_index', ['targets']));
  const name = 'cls.predictions';
  const dense = b.linear(`${name}.transform.dense`, targets, config.hidden_size, normal(config));
  const activated = ACTIVATIONS[config.hidden_act](g, dense);
  const transformed = b.layerNorm(`${name}.transform.LayerNorm`, activated, config.layer_norm_eps);
  const words = b.parameters.get('bert.embeddings.word_embeddings.weight');
  const bias = b.parameter(`${name}.bias`, [config.vocab_size], 'bias', { kind: 'constant', value: 0 });
  return linear(g, transformed, words!.tensor, bias);
}

/** A dense layer, dropout, and the sum with the layer's input, normalised. */
function sublayer(b: ModelBuilder, config: BertConfig, name: string, x: Tensor, input: Tensor): Tensor {
  const dense = b.linear(`${name}.dense`, x, config.hidden_size, normal(config));
  const sum = add(b.graph, b.dropout(dense, config.hidden_dropout_prob), input);
  return b.layerNorm(`${name}.LayerNorm`, sum, config.layer_norm_eps);
}

/** `[batch] int32`: the first token of each sequence, which stands in the first column of `pad_index`. */
function firstTokens(b: ModelBuilder, inputs: BertInputs): Tensor {
  const g = b.graph;
  return g.single('Gather', [inputs.pad_index, g.scalar(0, 'int32')], { axis: 1 }, ['batch'], 'int32');
}

function normal(config: BertConfig): Extract<Init, { kind: 'normal' }> {
  return { kind: 'normal', std: config.initializer_range };
}
