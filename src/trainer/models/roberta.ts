import type { Tensor } from '../graph/graph.ts';
import { gelu, tanh } from '../graph/ops/activation.ts';
import { takeRows } from '../graph/ops/gather.ts';
import type { BatchInputs } from './batch-inputs.ts';
import { BERT_DEFAULTS, bertEncoder, readBertFields, type BertConfig } from './bert.ts';
import type { ModelBuilder } from './builder.ts';
import type { Family, LanguageModelOutput } from './family.ts';
import type { Init } from './parameter.ts';
import { badConfig, type Fields } from './read-fields.ts';
import { firstTokens, targetRows } from './rows.ts';

/** Architectures of one build, which differ in their tokenizer. */
export const ROBERTA_TYPES = ['roberta', 'xlm-roberta'] as const;

/** The fields of a RoBERTa `config.json`: BERT's. Positions are counted from `pad_token_id + 1`. */
export interface RobertaConfig extends Omit<BertConfig, 'model_type'> {
  readonly model_type: (typeof ROBERTA_TYPES)[number];
  /** Rows of the position table, of which the first ones are never used. */
  readonly position_rows: number;
}

/**
 * `max_position_embeddings` becomes what a sequence can have: the table is longer than that.
 * @throws TunebookError `model/bad-config`
 */
export function parseRobertaConfig(fields: Fields, file: string): RobertaConfig {
  const type = ROBERTA_TYPES.find((known) => known === fields['model_type']) ?? 'roberta';
  const defaults = { ...BERT_DEFAULTS, vocab_size: type === 'roberta' ? 50265 : 30522, pad_token_id: 1 };
  const config = readBertFields(defaults, fields, file);
  const usable = config.max_position_embeddings - config.pad_token_id - 1;
  if (usable < 1) throw badConfig(file, `max_position_embeddings is ${config.max_position_embeddings}`);
  return {
    ...config,
    model_type: type,
    max_position_embeddings: usable,
    position_rows: config.max_position_embeddings,
  };
}

export function robertaFamily(config: RobertaConfig): Family {
  const name = config.model_type === 'roberta' ? 'Roberta' : 'XLMRoberta';
  return {
    loraTargets: ['query', 'value'],
    'text-classification': {
      className: `${name}ForSequenceClassification`,
      modules: ['classifier'],
      logits: (b, inputs, numLabels) => sequenceLogits(b, config, inputs, numLabels),
    },
    'token-classification': {
      className: `${name}ForTokenClassification`,
      modules: ['classifier'],
      logits: (b, inputs, numLabels) => {
        const dropped = drop(b, config, targetRows(b, encoder(b, config, inputs)));
        return b.linear('classifier', dropped, numLabels, normal(config));
      },
    },
    'fill-mask': {
      className: `${name}ForMaskedLM`,
      modules: ['lm_head'],
      tied: { embedding: 'roberta.embeddings.word_embeddings', output: 'lm_head.decoder' },
      build: (b, inputs) => maskedLanguageModel(b, config, inputs),
    },
  };
}

function encoder(b: ModelBuilder, config: RobertaConfig, inputs: BatchInputs): Tensor {
  const table = { ...config, max_position_embeddings: config.position_rows };
  return bertEncoder(b, table, inputs, { prefix: 'roberta', firstPosition: config.pad_token_id + 1 });
}

/** RobertaForSequenceClassification: a dense layer and a projection on the first token. */
function sequenceLogits(
  b: ModelBuilder,
  config: RobertaConfig,
  inputs: BatchInputs,
  numLabels: number,
): Tensor {
  const hidden = encoder(b, config, inputs);
  const first = drop(b, config, takeRows(b.graph, hidden, firstTokens(b, inputs)));
  const dense = tanh(b.graph, b.linear('classifier.dense', first, config.hidden_size, normal(config)));
  return b.linear('classifier.out_proj', drop(b, config, dense), numLabels, normal(config));
}

/** RobertaForMaskedLM, for the masked tokens alone. The decoder is tied to the word embeddings. */
function maskedLanguageModel(
  b: ModelBuilder,
  config: RobertaConfig,
  inputs: BatchInputs,
): LanguageModelOutput {
  const targets = targetRows(b, encoder(b, config, inputs));
  const dense = gelu(b.graph, b.linear('lm_head.dense', targets, config.hidden_size, normal(config)));
  return {
    hidden: b.layerNorm('lm_head.layer_norm', dense, config.layer_norm_eps),
    weight: b.parameters.get('roberta.embeddings.word_embeddings.weight')!.tensor,
    bias: b.parameter('lm_head.bias', [config.vocab_size], 'bias', { kind: 'constant', value: 0 }),
  };
}

function drop(b: ModelBuilder, config: RobertaConfig, x: Tensor): Tensor {
  return b.dropout(x, config.classifier_dropout ?? config.hidden_dropout_prob);
}

function normal(config: RobertaConfig): Init {
  return { kind: 'normal', std: config.initializer_range };
}
