import type { Tensor } from '../graph/graph.ts';
import { geglu } from '../graph/ops/activation.ts';
import { add, scale } from '../graph/ops/elementwise.ts';
import { takeRows } from '../graph/ops/gather.ts';
import { attentionLayout } from './attention.ts';
import type { BatchInputs } from './batch-inputs.ts';
import type { ModelBuilder } from './builder.ts';
import { gatedMlp, rotaryAttention, type RotaryAttention } from './decoder-layer.ts';
import type { Family, LanguageModelOutput } from './family.ts';
import type { GemmaConfig } from './gemma-config.ts';
import type { Init } from './parameter.ts';
import { rotaryAngles } from './rotary.ts';
import { lastTokens, targetRows } from './rows.ts';

const CLASS_NAMES = { gemma: 'Gemma', gemma2: 'Gemma2', gemma3_text: 'Gemma3' };

export function gemmaFamily(config: GemmaConfig): Family {
  const name = CLASS_NAMES[config.model_type];
  const isThird = config.model_type === 'gemma3_text';
  const family: Family = {
    loraTargets: ['q_proj', 'v_proj'],
    'text-generation': {
      className: `${name}ForCausalLM`,
      modules: [],
      ...(config.tie_word_embeddings ? { tied: { embedding: 'model.embed_tokens', output: 'lm_head' } } : {}),
      build: (b, inputs) => languageModel(b, config, inputs),
    },
    'text-classification': {
      className: isThird ? 'Gemma3TextForSequenceClassification' : `${name}ForSequenceClassification`,
      modules: ['score'],
      logits: (b, inputs, numLabels) => {
        const last = takeRows(b.graph, decoder(b, config, inputs), lastTokens(b, inputs));
        return b.linear('score', norm(b, config, 'model.norm', last), numLabels, normal(config), {
          bias: false,
        });
      },
    },
  };
  // Transformers has no class for it in Gemma 3.
  if (isThird) return family;
  return {
    ...family,
    'token-classification': {
      className: `${name}ForTokenClassification`,
      modules: ['score'],
      logits: (b, inputs, numLabels) => {
        const targets = norm(b, config, 'model.norm', targetRows(b, decoder(b, config, inputs)));
        return b.linear('score', b.dropout(targets, config.classifier_dropout), numLabels, normal(config));
      },
    },
  };
}

/** Gemma's ForCausalLM, for the tokens whose next token is predicted. */
function languageModel(b: ModelBuilder, config: GemmaConfig, inputs: BatchInputs): LanguageModelOutput {
  const hidden = norm(b, config, 'model.norm', targetRows(b, decoder(b, config, inputs)));
  const softcap = config.final_logit_softcapping;
  if (config.tie_word_embeddings)
    return { hidden, weight: b.parameters.get('model.embed_tokens.weight')!.tensor, softcap };
  const shape = [config.vocab_size, config.hidden_size];
  return { hidden, weight: b.parameter('lm_head.weight', shape, 'weight', normal(config)), softcap };
}

/** The layers (Gemma Team 2024, 2024, 2025) without the last norm: `hidden_states [tokens, hidden]`. */
function decoder(b: ModelBuilder, config: GemmaConfig, inputs: BatchInputs): Tensor {
  const { vocab_size, hidden_size: width, pad_token_id, head_dim } = config;
  const { num_attention_heads: heads, num_key_value_heads: keyValueHeads } = config;
  const layouts = mapped(
    config.layers.map(({ window }) => window),
    (window) => {
      const shape = { heads, keyValueHeads, causal: true, ...(window === undefined ? {} : { window }) };
      return attentionLayout(b, inputs, shape);
    },
  );
  const angles = mapped(
    config.layers.map(({ rotary }) => rotary),
    (rotary) => rotaryAngles(b, inputs, head_dim, rotary),
  );

  const words = { ...normal(config), ...(pad_token_id === undefined ? {} : { zeroRow: pad_token_id }) };
  const rows = b.embedding('model.embed_tokens', inputs.input_ids, [vocab_size, width], words);
  let hidden = b.checkpoint(scale(b.graph, rows, Math.sqrt(width)));
  config.layers.forEach(({ window, rotary }, i) => {
    const place = { layout: layouts.get(window)!, angles: angles.get(rotary)! };
    hidden = b.checkpoint(decoderLayer(b, config, `model.layers.${i}`, hidden, place));
  });
  return hidden;
}

function mapped<K, V>(keys: readonly K[], make: (key: K) => V): Map<K, V> {
  return new Map([...new Set(keys)].map((key) => [key, make(key)]));
}

/** Gemma 1 has norms before attention and before the feed-forward part, Gemma 2 and 3 also behind them. */
function decoderLayer(
  b: ModelBuilder,
  config: GemmaConfig,
  name: string,
  hidden: Tensor,
  place: Pick<RotaryAttention, 'layout' | 'angles'>,
): Tensor {
  const isFirst = config.model_type === 'gemma';
  const normed = (part: string, x: Tensor) => norm(b, config, `${name}.${part}_layernorm`, x);
  const attended = selfAttention(b, config, {
    ...place,
    name: `${name}.self_attn`,
    x: normed('input', hidden),
  });
  const sum = add(b.graph, hidden, isFirst ? attended : normed('post_attention', attended));
  const fed = gatedMlp(b, {
    name: `${name}.mlp`,
    x: normed(isFirst ? 'post_attention' : 'pre_feedforward', sum),
    inner: config.intermediate_size,
    init: normal(config),
    bias: false,
    product: geglu,
  });
  return add(b.graph, sum, isFirst ? fed : normed('post_feedforward', fed));
}

function selfAttention(
  b: ModelBuilder,
  config: GemmaConfig,
  place: Pick<RotaryAttention, 'name' | 'x' | 'layout' | 'angles'>,
): Tensor {
  return rotaryAttention(b, {
    ...place,
    heads: config.num_attention_heads,
    keyValueHeads: config.num_key_value_heads,
    head: config.head_dim,
    init: normal(config),
    bias: config.attention_bias,
    outputBias: config.attention_bias,
    dropout: config.attention_dropout,
    scaling: config.query_pre_attn_scalar ** -0.5,
    softcap: config.attn_logit_softcapping,
    ...(config.model_type === 'gemma3_text' ? { norm: (name, x) => norm(b, config, name, x) } : {}),
  });
}

/** Gemma keeps of a norm's weight what it differs from one by. */
function norm(b: ModelBuilder, config: GemmaConfig, name: string, x: Tensor): Tensor {
  return b.rmsNorm(name, x, config.rms_norm_eps, 1);
}

function normal(config: GemmaConfig): Extract<Init, { kind: 'normal' }> {
  return { kind: 'normal', std: config.initializer_range };
}
