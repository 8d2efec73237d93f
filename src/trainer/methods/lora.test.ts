import assert from 'node:assert/strict';
import { CPU_LOWERING } from '../graph/graph.ts';
import { initialize } from '../checkpoint/initialize.ts';
import { parseModelConfig } from '../models/config.ts';
import { buildTask } from '../models/task.ts';
import { isTargeted, isTrainedByLora, Lora, type LoraOptions } from './lora.ts';

const OPTIONS: LoraOptions = {
  r: 8,
  lora_alpha: 16,
  lora_dropout: 0,
  target_modules: ['query', 'value'],
  use_rslora: false,
  init_lora_weights: true,
  modules_to_save: ['classifier'],
};

const CONFIG = parseModelConfig(
  {
    model_type: 'bert',
    vocab_size: 20,
    hidden_size: 8,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    intermediate_size: 16,
    max_position_embeddings: 8,
  },
  'config.json',
);

function parametersWith(options: LoraOptions) {
  const task = { kind: 'text-classification', numLabels: 3 } as const;
  const { parameters } = buildTask(CONFIG, task, {
    training: false,
    lowering: CPU_LOWERING,
    adapter: new Lora(options),
  }).builder;
  return [...parameters.values()];
}

function adapted(options: Partial<LoraOptions>): string[] {
  return parametersWith({ ...OPTIONS, ...options })
    .filter(({ name }) => name.endsWith('.lora_A.weight'))
    .map(({ name }) => name.replace('.lora_A.weight', ''));
}

function momentsOf(values: Float32Array) {
  const average = (of: (value: number) => number) =>
    values.reduce((sum, x) => sum + of(x), 0) / values.length;
  const mean = average((x) => x);
  const variance = average((x) => (x - mean) ** 2);
  const kurtosis = average((x) => (x - mean) ** 4) / variance ** 2;
  const largest = values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return { mean, deviation: Math.sqrt(variance), kurtosis, largest };
}

function trainedWith(changes: Partial<LoraOptions>): string[] {
  const options = { ...OPTIONS, ...changes };
  return parametersWith(options)
    .filter((parameter) => isTrainedByLora(parameter, options))
    .map(({ name }) => name);
}

describe('which layers LoRA adapts', () => {
  it('those whose last parts are a target, as PEFT matches suffixes', () => {
    assert.deepEqual(adapted({}), [
      'bert.encoder.layer.0.attention.self.query',
      'bert.encoder.layer.0.attention.self.value',
      'bert.encoder.layer.1.attention.self.query',
      'bert.encoder.layer.1.attention.self.value',
    ]);
    assert.deepEqual(adapted({ target_modules: ['1.attention.self.key'] }), [
      'bert.encoder.layer.1.attention.self.key',
    ]);
    assert.deepEqual(adapted({ target_modules: ['bert.encoder.layer.0.output.dense'] }), [
      'bert.encoder.layer.0.output.dense',
    ]);
  });

  it('never a part of a name: "uery" and "self.quer" match nothing', () => {
    assert.deepEqual(adapted({ target_modules: ['uery', 'self.quer', 'layer.0'] }), []);
  });

  it('"dense" is every dense layer, the pooler’s too', () => {
    const names = adapted({ target_modules: ['dense'] });
    assert.equal(names.length, 2 * 3 + 1);
    assert.ok(names.includes('bert.pooler.dense'));
  });

  it('all-linear is every linear layer but the head that is saved whole', () => {
    const names = adapted({ target_modules: 'all-linear' });
    assert.equal(names.length, 2 * 6 + 1);
    assert.ok(names.includes('bert.pooler.dense'));
    assert.ok(!names.includes('classifier'));
  });

  it('those whose whole names a regular expression matches, and not those that another one leaves out', () => {
    const layer = 'bert.encoder.layer.1';
    assert.deepEqual(adapted({ target_modules: String.raw`.*\.1\.(.*\.)?(query|dense)` }), [
      `${layer}.attention.self.query`,
      `${layer}.attention.output.dense`,
      `${layer}.intermediate.dense`,
      `${layer}.output.dense`,
    ]);
    assert.deepEqual(adapted({ target_modules: 'attention.self.query' }), []);
    assert.throws(() => adapted({ target_modules: '(query' }), { code: 'run/bad-pattern' });
    const exclude_modules = String.raw`.*layer\.0.*|.*\.output\.dense`;
    assert.deepEqual(adapted({ target_modules: ['query', 'dense'], exclude_modules }), [
      `${layer}.attention.self.query`,
      `${layer}.intermediate.dense`,
      'bert.pooler.dense',
    ]);
  });

  it('none that is saved whole', () => {
    const options = { ...OPTIONS, target_modules: ['dense'], modules_to_save: ['classifier', 'pooler'] };
    assert.equal(isTargeted('bert.pooler.dense', options), false);
    assert.equal(isTargeted('bert.encoder.layer.0.output.dense', options), true);
  });
});

describe('what LoRA trains', () => {
  it('its own matrices and what is saved whole, nothing of the base', () => {
    const trained = trainedWith({});
    assert.equal(trained.length, 4 * 2 + 2);
    assert.ok(trained.includes('classifier.weight') && trained.includes('classifier.bias'));
    assert.ok(!trained.some((name) => name.startsWith('bert.') && !name.includes('.lora_')));
  });

  it('the biases that are asked for: every one, norms and pooler too, or those of the adapted layers', () => {
    const biases = (options: Partial<LoraOptions>) =>
      trainedWith({ modules_to_save: [], ...options }).filter((name) => !name.includes('.lora_'));
    const layer = 'bert.encoder.layer.0';
    assert.deepEqual(biases({}), []);
    assert.equal(biases({ bias: 'all' }).length, 1 + 2 * 8 + 2);
    assert.ok(biases({ bias: 'all' }).includes(`${layer}.output.LayerNorm.bias`));
    assert.ok(biases({ bias: 'all' }).every((name) => name.endsWith('.bias')));
    assert.deepEqual(
      biases({ bias: 'lora_only', target_modules: ['0.attention.self.query', '0.output.dense'] }),
      [`${layer}.attention.self.query.bias`, `${layer}.output.dense.bias`],
    );
  });

  it('no bias of a norm where all linear layers are adapted, and none of a layer that is not', () => {
    const linear = trainedWith({ bias: 'lora_only', target_modules: 'all-linear' });
    assert.ok(linear.includes('bert.pooler.dense.bias'));
    assert.ok(!linear.some((name) => name.includes('LayerNorm')));
    const one = { bias: 'lora_only', target_modules: ['query', 'key'], exclude_modules: ['key'] } as const;
    assert.ok(!trainedWith(one).some((name) => name.endsWith('key.bias')));
  });

  it('matrices of the rank, with the layer’s own sizes', () => {
    const shapes = new Map(
      parametersWith({ ...OPTIONS, r: 3, target_modules: ['intermediate.dense'] }).map((p) => [
        p.name,
        p.shape,
      ]),
    );
    assert.deepEqual(shapes.get('bert.encoder.layer.0.intermediate.dense.lora_A.weight'), [3, 8]);
    assert.deepEqual(shapes.get('bert.encoder.layer.0.intermediate.dense.lora_B.weight'), [16, 3]);
  });

  it('starts B at zero, so that the first step sees the base model; at random where that is asked for', () => {
    const initOf = (init_lora_weights: boolean | 'gaussian') =>
      parametersWith({ ...OPTIONS, init_lora_weights }).find(({ name }) => name.endsWith('lora_B.weight'))
        ?.init;
    assert.deepEqual(initOf(true), { kind: 'constant', value: 0 });
    assert.deepEqual(initOf('gaussian'), { kind: 'constant', value: 0 });
    assert.deepEqual(initOf(false), { kind: 'kaiming-uniform', fanIn: 8 });
  });

  it('draws A uniform in ±1 / √in, or with `gaussian` normal with the deviation 1 / r of its own rank', () => {
    const wide = { ...OPTIONS, r: 8, rank_pattern: { value: 4 } };
    const drawn = (init_lora_weights: boolean | 'gaussian', module: string) => {
      const name = `bert.encoder.layer.0.attention.self.${module}.lora_A.weight`;
      const made = parametersWith({ ...wide, init_lora_weights }).find((each) => each.name === name)!;
      // The same distribution, often enough for its moments to show.
      return momentsOf(initialize({ ...made, shape: [50_000] }, 1));
    };
    const uniform = drawn(true, 'query');
    assert.ok(uniform.largest <= 1 / Math.sqrt(8) && Math.abs(uniform.deviation - 1 / Math.sqrt(24)) < 0.002);
    for (const [module, rank] of [
      ['query', 8],
      ['value', 4],
    ] as const) {
      const { mean, deviation, kurtosis } = drawn('gaussian', module);
      assert.ok(Math.abs(mean) < 0.02 / rank, `mean ${mean}`);
      assert.ok(Math.abs(deviation * rank - 1) < 0.02, `deviation ${deviation}`);
      assert.ok(Math.abs(kurtosis - 3) < 0.1, `kurtosis ${kurtosis}`);
    }
  });

  it('scales by alpha / r, and with rsLoRA by alpha / √r', () => {
    assert.equal(new Lora(OPTIONS).sizeOf('query').scaling, 2);
    assert.equal(new Lora({ ...OPTIONS, r: 16, use_rslora: true }).sizeOf('query').scaling, 4);
  });
});
