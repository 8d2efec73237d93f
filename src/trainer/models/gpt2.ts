import type { Tensor } from '../graph/graph.ts';
import { add } from '../graph/ops/elementwise.ts';
import { takeRows } from '../graph/ops/gather.ts';
import { sliceColumns } from '../graph/ops/shape.ts';
import { attention, attentionLayout } from './attention.ts';
import type { BatchInputs } from './batch-inputs.ts';
import { ACTIVATIONS } from './bert.ts';
import type { ModelBuilder } from './builder.ts';
import type { Family } from './family.ts';
import type { Init } from './parameter.ts';
import { checkHeads, checkOneOf, OPTIONAL_NUMBER, readFields, refuse, type Fields } from './read-fields.ts';
import { lastTokens, targetRows } from './rows.ts';

/** The fields of a GPT-2 `config.json` that decide what is computed; meaning and most names are GPT2Config's. */
export interface Gpt2Config {
  readonly model_type: 'gpt2';
  readonly vocab_size: number;
  /** `n_embd` in config.json. */
  readonly hidden_size: number;
  readonly n_layer: number;
  readonly n_head: number;
  readonly n_inner: number;
  readonly activation_function: keyof typeof ACTIVATIONS;
  readonly resid_pdrop: number;
  readonly embd_pdrop: number;
  readonly attn_pdrop: number;
  readonly classifier_dropout: number;
  readonly layer_norm_epsilon: number;
  readonly initializer_range: number;
  readonly scale_attn_weights: boolean;
  /** `n_positions` in config.json. */
  readonly max_position_embeddings: number;
}

const DEFAULTS = {
  vocab_size: 50257,
  n_positions: 1024,
  n_embd: 768,
  n_layer: 12,
  n_head: 12,
  n_inner: OPTIONAL_NUMBER,
  activation_function: 'gelu_new',
  resid_pdrop: 0.1,
  embd_pdrop: 0.1,
  attn_pdrop: 0.1,
  classifier_dropout: OPTIONAL_NUMBER,
  layer_norm_epsilon: 1e-5,
  initializer_range: 0.02,
  scale_attn_weights: true,
};

/** @throws TunebookError `model/bad-config` */
export function parseGpt2Config(fields: Fields, file: string): Gpt2Config {
  refuse(file, fields, {
    scale_attn_by_inverse_layer_idx: true,
    tie_word_embeddings: false,
    add_cross_attention: true,
  });
  const read = readFields(DEFAULTS, fields, file, /^(vocab_size|n_)/);
  checkHeads(file, read.n_embd, read.n_head, ['n_embd', 'n_head']);
  const activation = Object.keys(ACTIVATIONS).find((name) => name === read.activation_function);
  checkOneOf(file, 'activation_function', activation ?? read.activation_function, Object.keys(ACTIVATIONS));
  return {
    ...read,
    model_type: 'gpt2',
    hidden_size: read.n_embd,
    max_position_embeddings: read.n_positions,
    n_inner: read.n_inner ?? 4 * read.n_embd,
    classifier_dropout: read.classifier_dropout ?? 0.1,
    // SAFETY: it is one of their names, as was just checked.
    activation_function: read.activation_function as Gpt2Config['activation_function'],
  };
}

export function gpt2Family(config: Gpt2Config): Family {
  const finalNorm = (b: ModelBuilder, x: Tensor) =>
    b.layerNorm('transformer.ln_f', x, config.layer_norm_epsilon);
  return {
    loraTargets: ['c_attn'],
    'text-generation': {
      className: 'GPT2LMHeadModel',
      modules: [],
      tied: { embedding: 'transformer.wte', output: 'lm_head' },
      build: (b, inputs) => ({
        hidden: finalNorm(b, targetRows(b, decoder(b, config, inputs))),
        weight: b.parameters.get('transformer.wte.weight')!.tensor,
      }),
    },
    'text-classification': {
      className: 'GPT2ForSequenceClassification',
      modules: ['score'],
      logits: (b, inputs, numLabels) => {
        const last = takeRows(b.graph, decoder(b, config, inputs), lastTokens(b, inputs));
        return b.linear('score', finalNorm(b, last), numLabels, normal(config), { bias: false });
      },
    },
    'token-classification': {
      className: 'GPT2ForTokenClassification',
      modules: ['classifier'],
      logits: (b, inputs, numLabels) => {
        const targets = finalNorm(b, targetRows(b, decoder(b, config, inputs)));
        return b.linear(
          'classifier',
          b.dropout(targets, config.classifier_dropout),
          numLabels,
          normal(config),
        );
      },
    },
  };
}

/** The blocks (Radford et al. 2019; transformers' GPT2Model) without the last norm: `hidden_states [tokens, n_embd]`. */
function decoder(b: ModelBuilder, config: Gpt2Config, inputs: BatchInputs): Tensor {
  const g = b.graph;
  const { hidden_size: width, layer_norm_epsilon: eps } = config;
  const init = normal(config);
  // GPT-2 starts what is added to the residual stream smaller, the deeper the model.
  const toResidual: Init = { kind: 'normal', std: config.initializer_range / Math.sqrt(2 * config.n_layer) };
  const tokens = b.embedding('transformer.wte', inputs.input_ids, [config.vocab_size, width], init);
  const positions = b.embedding(
    'transformer.wpe',
    inputs.position_ids,
    [config.max_position_embeddings, width],
    init,
  );
  const layout = attentionLayout(b, inputs, { heads: config.n_head, causal: true });

  let hidden = b.checkpoint(b.dropout(add(g, tokens, positions), config.embd_pdrop));
  for (let i = 0; i < config.n_layer; i++) {
    const name = `transformer.h.${i}`;
    const joined = b.conv1d(`${name}.attn.c_attn`, b.layerNorm(`${name}.ln_1`, hidden, eps), 3 * width, init);
    const context = attention(b, layout, {
      query: sliceColumns(g, joined, 0, width),
      key: sliceColumns(g, joined, width, 2 * width),
      value: sliceColumns(g, joined, 2 * width, 3 * width),
      dropout: config.attn_pdrop,
      ...(config.scale_attn_weights ? {} : { scaling: 1 }),
    });
    const attended = b.conv1d(`${name}.attn.c_proj`, context, width, toResidual);
    const sum = add(g, b.dropout(attended, config.resid_pdrop), hidden);
    const inner = b.conv1d(`${name}.mlp.c_fc`, b.layerNorm(`${name}.ln_2`, sum, eps), config.n_inner, init);
    const activated = ACTIVATIONS[config.activation_function](g, inner);
    const outer = b.conv1d(`${name}.mlp.c_proj`, activated, width, toResidual);
    hidden = b.checkpoint(add(g, b.dropout(outer, config.resid_pdrop), sum));
  }
  return hidden;
}

function normal(config: Gpt2Config): Extract<Init, { kind: 'normal' }> {
  return { kind: 'normal', std: config.initializer_range };
}
