import assert from 'node:assert/strict';
import { TunebookError } from '../../protocol/error.ts';
import { familyOf, KNOWN_MODEL_TYPES, parseModelConfig } from './config.ts';
import { parseLlamaConfig } from './llama.ts';

const parse = (fields: Record<string, unknown>) => parseModelConfig(fields, 'config.json');

describe('the config of a model', () => {
  it('has transformers’ defaults, in every family', () => {
    for (const model_type of KNOWN_MODEL_TYPES) {
      const config = parse({ model_type });
      assert.equal(config.model_type, model_type);
      assert.ok(config.hidden_size > 0 && config.max_position_embeddings > 0);
      assert.ok(familyOf(config)['text-classification']);
    }
  });

  it('takes a number back with null: Mistral without a window, Qwen2 without shared keys', () => {
    const mistral = parseLlamaConfig({ model_type: 'mistral', sliding_window: null }, 'config.json');
    assert.ok(mistral.windows.every((window) => window === undefined));
    assert.equal(parseLlamaConfig({ model_type: 'mistral' }, 'config.json').windows[0], 4096);
    const qwen = parseLlamaConfig({ model_type: 'qwen2', num_key_value_heads: null }, 'config.json');
    assert.equal(qwen.num_key_value_heads, qwen.num_attention_heads);
  });

  it('reads rotary positions of before and of transformers 5', () => {
    const rotary = (fields: Record<string, unknown>) =>
      parseLlamaConfig({ model_type: 'llama', ...fields }, 'config.json').rotary;
    const linear = { type: 'linear', theta: 500, factor: 2 };
    assert.deepEqual(rotary({ rope_theta: 500, rope_scaling: { type: 'linear', factor: 2 } }), linear);
    assert.deepEqual(
      rotary({ rope_parameters: { rope_type: 'linear', rope_theta: 500, factor: 2 } }),
      linear,
    );
    assert.deepEqual(rotary({}), { type: 'default', theta: 10000 });
  });

  it('refuses weights that are stored as codes, in every family', () => {
    for (const type of KNOWN_MODEL_TYPES)
      assert.throws(
        () =>
          parseModelConfig(
            { model_type: type, quantization_config: { quant_method: 'gptq', bits: 4 } },
            'c.json',
          ),
        (error) =>
          error instanceof TunebookError &&
          error.code === 'model/quantized' &&
          /quantised \(gptq\)/.test(error.message) &&
          error.location?.file === 'c.json',
        type,
      );
  });

  it('refuses what would change the computation and is not computed', () => {
    for (const [fields, message] of [
      [{ model_type: 'bert', is_decoder: true }, /is_decoder is true/],
      [{ model_type: 'roberta', tie_word_embeddings: false }, /tie_word_embeddings is false/],
      [{ model_type: 'distilbert', tie_word_embeddings: false }, /tie_word_embeddings is false/],
      [{ model_type: 'gpt2', add_cross_attention: true }, /add_cross_attention is true/],
      [{ model_type: 'gpt2', scale_attn_by_inverse_layer_idx: true }, /scale_attn_by_inverse_layer_idx/],
      [{ model_type: 'llama', rope_theta: '1e4' }, /rope_theta of the rotary positions is "1e4"/],
      [{ model_type: 'llama', rope_scaling: { rope_type: 'yarn', factor: 2 } }, /"yarn" are not computed/],
      [{ model_type: 'llama', rope_parameters: { partial_rotary_factor: 0.5 } }, /partial_rotary_factor 0.5/],
      [{ model_type: 'llama', hidden_act: 'gelu' }, /hidden_act "gelu" is not one of silu/],
      [
        { model_type: 'llama', num_attention_heads: 6, num_key_value_heads: 4, head_dim: 8 },
        /not a multiple/,
      ],
      [{ model_type: 'bert', hidden_size: '768' }, /hidden_size is "768", not a number/],
    ] as const)
      assert.throws(() => parse(fields), { code: 'model/bad-config', message });
    assert.throws(() => parse({ model_type: 't5' }), { code: 'model/unknown-architecture' });
  });
});
