import assert from 'node:assert/strict';
import { TunebookError } from '../../protocol/error.ts';
import { familyOf, KNOWN_MODEL_TYPES, parseModelConfig } from './config.ts';
import { parseGemmaConfig } from './gemma-config.ts';
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

  it('knows the layers of each Gemma, whichever way its config says them', () => {
    const gemma = (fields: Record<string, unknown>) =>
      parseGemmaConfig({ num_hidden_layers: 6, ...fields }, 'config.json').layers;
    const windows = (fields: Record<string, unknown>) => gemma(fields).map(({ window }) => window);
    const w = 4096;
    assert.deepEqual(windows({ model_type: 'gemma' }), Array(6).fill(undefined));
    assert.deepEqual(windows({ model_type: 'gemma2' }), [w, undefined, w, undefined, w, undefined]);
    assert.deepEqual(windows({ model_type: 'gemma3_text' }), [w, w, w, w, w, undefined]);
    const every = { model_type: 'gemma3_text', sliding_window: 8, sliding_window_pattern: 3 };
    assert.deepEqual(windows(every), [8, 8, undefined, 8, 8, undefined]);
    // Gemma 2 has one pattern, whatever the field says.
    assert.deepEqual(windows({ ...every, model_type: 'gemma2' }), [8, undefined, 8, undefined, 8, undefined]);
    const types = ['full_attention', 'sliding_attention'];
    assert.deepEqual(windows({ ...every, num_hidden_layers: 2, layer_types: types }), [undefined, 8]);

    const rotary = (fields: Record<string, unknown>) => {
      const [sliding, , , , , full] = gemma({ model_type: 'gemma3_text', ...fields });
      return [full!.rotary, sliding!.rotary];
    };
    const linear = { type: 'linear', theta: 5e5, factor: 8 };
    const local = { type: 'default', theta: 123 };
    const scaling = { rope_type: 'linear', factor: 8 };
    assert.deepEqual(rotary({}), [
      { type: 'default', theta: 1e6 },
      { type: 'default', theta: 1e4 },
    ]);
    assert.deepEqual(rotary({ rope_theta: 5e5, rope_local_base_freq: 123, rope_scaling: scaling }), [
      linear,
      local,
    ]);
    const byKind = {
      full_attention: { ...scaling, rope_theta: 5e5 },
      sliding_attention: { rope_type: 'default', rope_theta: 123 },
    };
    assert.deepEqual(rotary({ rope_parameters: byKind }), [linear, local]);
    assert.deepEqual(gemma({ model_type: 'gemma2', rope_theta: 123 })[1]!.rotary, local);
  });

  it('reads the caps of a Gemma where it has them: null takes one back, and Gemma 1 has none', () => {
    const caps = (fields: Record<string, unknown>) => {
      const config = parseGemmaConfig(fields, 'config.json');
      return [config.attn_logit_softcapping, config.final_logit_softcapping];
    };
    assert.deepEqual(caps({ model_type: 'gemma2' }), [50, 30]);
    assert.deepEqual(caps({ model_type: 'gemma2', attn_logit_softcapping: null }), [undefined, 30]);
    assert.deepEqual(caps({ model_type: 'gemma3_text' }), [undefined, undefined]);
    assert.deepEqual(caps({ model_type: 'gemma3_text', final_logit_softcapping: 20 }), [undefined, 20]);
    assert.deepEqual(caps({ model_type: 'gemma', final_logit_softcapping: 20 }), [undefined, undefined]);
    // What the configs of Gemma 1 say, and mean by it.
    assert.ok(parse({ model_type: 'gemma', hidden_act: 'gelu', hidden_activation: null }));
  });

  it('says of a Gemma 3 that reads images which one to take instead', () =>
    assert.throws(
      () => parse({ model_type: 'gemma3', text_config: {}, vision_config: {} }),
      (error) =>
        error instanceof TunebookError &&
        error.code === 'model/unknown-architecture' &&
        /Gemma 3 that reads images/.test(error.message) &&
        /gemma3_text.*google\/gemma-3-1b-it/.test(error.hint ?? '') &&
        error.location?.file === 'config.json',
    ));

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
      [{ model_type: 'llama', rope_scaling: { rope_type: 'longrope' } }, /"longrope" are not computed/],
      [{ model_type: 'llama', rope_parameters: { partial_rotary_factor: 0.5 } }, /partial_rotary_factor 0.5/],
      [{ model_type: 'llama', hidden_act: 'gelu' }, /hidden_act "gelu" is not one of silu/],
      [
        { model_type: 'llama', num_attention_heads: 6, num_key_value_heads: 4, head_dim: 8 },
        /not a multiple/,
      ],
      [
        { model_type: 'gemma', hidden_act: 'silu' },
        /hidden_act "silu" is not one of gelu_pytorch_tanh, gelu/,
      ],
      [{ model_type: 'gemma2', hidden_activation: 'gelu' }, /hidden_activation "gelu" is not one of gelu_py/],
      [{ model_type: 'gemma', hidden_size: 18 }, /hidden_size 18 is not a multiple of 4/],
      [
        { model_type: 'gemma2', num_attention_heads: 6, num_key_value_heads: 4 },
        /6 is not a multiple of num_key/,
      ],
      [
        { model_type: 'gemma3_text', num_attention_heads: 7 },
        /hidden_size 2304 is not a multiple of num_att/,
      ],
      [{ model_type: 'gemma', head_dim: 9 }, /head_dim 9 is not an even number/],
      [
        { model_type: 'gemma3_text', use_bidirectional_attention: true },
        /use_bidirectional_attention is true/,
      ],
      [{ model_type: 'gemma3_text', attn_logit_softcapping: 50 }, /attn_logit_softcapping is 50/],
      [{ model_type: 'gemma2', final_logit_softcapping: 0 }, /final_logit_softcapping is 0/],
      [{ model_type: 'gemma2', sliding_window: null }, /sliding_window is null, not a number/],
      [{ model_type: 'gemma2', layer_types: ['full_attention'] }, /1 entries for num_hidden_layers 26/],
      [
        { model_type: 'gemma2', num_hidden_layers: 1, layer_types: ['chunked_attention'] },
        /layer_types\[0\] "chunked_attention"/,
      ],
      [
        { model_type: 'gemma3_text', rope_parameters: { rope_theta: 5 } },
        /rope_parameters has rope_theta beside/,
      ],
      [{ model_type: 'bert', hidden_size: '768' }, /hidden_size is "768", not a number/],
    ] as const)
      assert.throws(() => parse(fields), { code: 'model/bad-config', message });
    assert.throws(() => parse({ model_type: 't5' }), { code: 'model/unknown-architecture' });
  });
});
