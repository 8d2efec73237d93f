import type { Tensor } from '../graph/graph.ts';
import { gelu, relu } from '../graph/ops/activation.ts';
import { add } from '../graph/ops/elementwise.ts';
import { takeRows } from '../graph/ops/gather.ts';
import { attention, attentionLayout } from './attention.ts';
import type { BatchInputs } from './batch-inputs.ts';
import type { ModelBuilder } from './builder.ts';
import type { Family, LanguageModelOutput } from './family.ts';
import type { Init } from './parameter.ts';
import { checkHeads, checkOneOf, readFields, refuse, type Fields } from './read-fields.ts';
import { firstTokens, targetRows } from './rows.ts';

/** The fields of a DistilBERT `config.json` that decide what is computed; names and meaning are DistilBertConfig's. */
export interface DistilBertConfig {
  readonly model_type: 'distilbert';
  readonly vocab_size: number;
  /** `dim` in config.json. */
  readonly hidden_size: number;
  readonly n_layers: number;
  readonly n_heads: number;
  readonly hidden_dim: number;
  readonly activation: 'gelu' | 'relu';
  readonly dropout: number;
  readonly attention_dropout: number;
  readonly seq_classif_dropout: number;
  readonly max_position_embeddings: number;
  readonly initializer_range: number;
  readonly pad_token_id: number;
}

const DEFAULTS = {
  vocab_size: 30522,
  dim: 768,
  n_layers: 6,
  n_heads: 12,
  hidden_dim: 3072,
  activation: 'gelu',
  dropout: 0.1,
  attention_dropout: 0.1,
  seq_classif_dropout: 0.2,
  max_position_embeddings: 512,
  initializer_range: 0.02,
  pad_token_id: 0,
};

/** DistilBERT's norms have this in the code, not in the config. */
const EPS = 1e-12;

/** @throws TunebookError `model/bad-config` */
export function parseDistilBertConfig(fields: Fields, file: string): DistilBertConfig {
  refuse(file, fields, { tie_word_embeddings: false });
  const read = readFields(DEFAULTS, fields, file, /^(vocab_size|dim|n_|hidden_dim|max_position)/);
  checkHeads(file, read.dim, read.n_heads, ['dim', 'n_heads']);
  checkOneOf(file, 'activation', read.activation, ['gelu', 'relu']);
  const { dim, activation, ...rest } = read;
  return {
    ...rest,
    model_type: 'distilbert',
    hidden_size: dim,
    activation: activation === 'relu' ? 'relu' : 'gelu',
  };
}

export function distilBertFamily(config: DistilBertConfig): Family {
  return {
    loraTargets: ['q_lin', 'v_lin'],
    'text-classification': {
      className: 'DistilBertForSequenceClassification',
      modules: ['classifier'],
      mayBeFresh: ['pre_classifier'],
      logits: (b, inputs, numLabels) => sequenceLogits(b, config, inputs, numLabels),
    },
    'token-classification': {
      className: 'DistilBertForTokenClassification',
      modules: ['classifier'],
      logits: (b, inputs, numLabels) => {
        const dropped = b.dropout(targetRows(b, encoder(b, config, inputs)), config.dropout);
        return b.linear('classifier', dropped, numLabels, normal(config));
      },
    },
    'fill-mask': {
      className: 'DistilBertForMaskedLM',
      modules: ['vocab_transform', 'vocab_layer_norm', 'vocab_projector'],
      tied: { embedding: 'distilbert.embeddings.word_embeddings', output: 'vocab_projector' },
      build: (b, inputs) => maskedLanguageModel(b, config, inputs),
    },
  };
}

/** Sanh et al. 2019; transformers' DistilBertModel: `hidden_states [tokens, dim]`. */
function encoder(b: ModelBuilder, config: DistilBertConfig, inputs: BatchInputs): Tensor {
  const g = b.graph;
  const init = normal(config);
  const { hidden_size: width, n_heads: heads } = config;
  const table = (name: string, ids: Tensor, rows: number, rowInit = init) =>
    b.embedding(`distilbert.embeddings.${name}`, ids, [rows, width], rowInit);
  const words = table('word_embeddings', inputs.input_ids, config.vocab_size, {
    ...init,
    zeroRow: config.pad_token_id,
  });
  const positions = table('position_embeddings', inputs.position_ids, config.max_position_embeddings);
  const embedded = b.layerNorm('distilbert.embeddings.LayerNorm', add(g, words, positions), EPS);

  const layout = attentionLayout(b, inputs, { heads });
  const activate = config.activation === 'relu' ? relu : gelu;
  let hidden = b.checkpoint(b.dropout(embedded, config.dropout));
  for (let i = 0; i < config.n_layers; i++) {
    const name = `distilbert.transformer.layer.${i}`;
    const project = (part: string) => b.linear(`${name}.attention.${part}`, hidden, width, init);
    const context = attention(b, layout, {
      query: project('q_lin'),
      key: project('k_lin'),
      value: project('v_lin'),
      dropout: config.attention_dropout,
    });
    const attended = b.linear(`${name}.attention.out_lin`, context, width, init);
    const sum = b.layerNorm(`${name}.sa_layer_norm`, add(g, attended, hidden), EPS);
    const inner = activate(g, b.linear(`${name}.ffn.lin1`, sum, config.hidden_dim, init));
    const outer = b.dropout(b.linear(`${name}.ffn.lin2`, inner, width, init), config.dropout);
    hidden = b.checkpoint(b.layerNorm(`${name}.output_layer_norm`, add(g, outer, sum), EPS));
  }
  return hidden;
}

/** DistilBertForSequenceClassification: a dense layer with ReLU and a projection on the first token. */
function sequenceLogits(
  b: ModelBuilder,
  config: DistilBertConfig,
  inputs: BatchInputs,
  numLabels: number,
): Tensor {
  const first = takeRows(b.graph, encoder(b, config, inputs), firstTokens(b, inputs));
  const dense = relu(b.graph, b.linear('pre_classifier', first, config.hidden_size, normal(config)));
  return b.linear('classifier', b.dropout(dense, config.seq_classif_dropout), numLabels, normal(config));
}

/** DistilBertForMaskedLM, for the masked tokens alone. The projector is tied to the word embeddings. */
function maskedLanguageModel(
  b: ModelBuilder,
  config: DistilBertConfig,
  inputs: BatchInputs,
): LanguageModelOutput {
  const targets = targetRows(b, encoder(b, config, inputs));
  const activate = config.activation === 'relu' ? relu : gelu;
  const dense = activate(b.graph, b.linear('vocab_transform', targets, config.hidden_size, normal(config)));
  return {
    hidden: b.layerNorm('vocab_layer_norm', dense, EPS),
    weight: b.parameters.get('distilbert.embeddings.word_embeddings.weight')!.tensor,
    bias: b.parameter('vocab_projector.bias', [config.vocab_size], 'bias', { kind: 'constant', value: 0 }),
  };
}

function normal(config: DistilBertConfig): Extract<Init, { kind: 'normal' }> {
  return { kind: 'normal', std: config.initializer_range };
}
