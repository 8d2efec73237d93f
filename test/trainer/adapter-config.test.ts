import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { inspectModel, loadModel } from '../../src/trainer/checkpoint/inspect-model.ts';
import { layOut } from '../../src/trainer/loop/layout.ts';
import { CpuEngine } from '../../src/trainer/runtime/cpu-engine.ts';
import { readTensors } from '../../src/trainer/safetensors/read.ts';
import { writeSafetensors, type TensorToWrite } from '../../src/trainer/safetensors/write.ts';
import { absoluteDeviation } from './support/deviation.ts';
import { readFamilyCase, root, runCase, taskOf } from './support/family-case.ts';
import { readJson } from './support/read-json.ts';
import { resolvedRun } from './support/resolved-run.ts';

const TASK = { kind: 'text-generation' } as const;

describe('what an adapter_config.json says', () => {
  const workspace = temporaryFolder();
  let count = 0;

  /** An adapter of a family's case as PEFT saved it, with other settings and further tensors. */
  function adapter(
    family: string,
    fields: Record<string, unknown>,
    more: Record<string, TensorToWrite> = {},
  ): string {
    const folder = join(workspace.path, `adapter-${++count}`);
    cpSync(join(root, family, 'lora'), folder, { recursive: true });
    const file = join(folder, 'adapter_config.json');
    const base_model_name_or_path = join(root, family);
    writeFileSync(file, JSON.stringify({ ...readJson(file), base_model_name_or_path, ...fields }));
    const weights = join(folder, 'adapter_model.safetensors');
    writeSafetensors(weights, new Map([...readTensors(weights), ...Object.entries(more)]));
    return folder;
  }

  const read = (folder: string) => loadModel(inspectModel(folder), TASK, 1);

  /** Settings under which the very adapter of the case is meant. */
  const same: Record<string, unknown>[] = [
    {},
    ...['gaussian', 'orthogonal', 'eva', false, null].map((init_lora_weights) => ({ init_lora_weights })),
    { target_modules: String.raw`.*\.(q|v)_proj` },
    { target_modules: String.raw`model\.layers\.\d\.self_attn\.[qv]_proj` },
    { target_modules: '.*_proj', exclude_modules: '.*(k|o|gate|up|down)_proj' },
    { fan_in_fan_out: true },
    { loftq_config: {}, eva_config: null, megatron_core: 'megatron.core', qalora_group_size: 16 },
  ];
  for (const fields of same)
    it(`is computed as it is: ${JSON.stringify(fields)}`, async () => {
      const made = readFamilyCase('llama-causal');
      const { logits: expected } = await runCase(made, trainable(adapter('llama-causal', {})), engine, 0);
      const { logits } = await runCase(made, trainable(adapter('llama-causal', fields)), engine, 0);
      assert.deepEqual(logits, expected);
      assert.ok(absoluteDeviation(logits, made.logits) > 0.01);
    });

  const trainable = (folder: string) => {
    const { spec, values } = read(folder);
    return { spec: { ...spec, isTrained: () => true, labelSmoothing: 0 }, values };
  };
  const engine: typeof CpuEngine.create = (...given) => CpuEngine.create(...given);

  /** Settings that are not computed. Each is named. */
  const refused: Record<string, unknown>[] = [
    ...['pissa', 'pissa_niter_4', 'olora', 'corda', 'loftq', 'lora_ga', 'mica'].map((init_lora_weights) => ({
      init_lora_weights,
    })),
    { bias: 'some' },
    { lora_bias: true },
    { peft_type: 'IA3' },
    { target_parameters: ['experts.gate_up_proj'] },
    { trainable_token_indices: [1, 2] },
    { layer_replication: [[0, 1]] },
    { layers_pattern: 'layers' },
    { alora_invocation_tokens: [4] },
    { arrow_config: { top_k: 2 } },
    { velora_config: { groups: 2 } },
    { kasa_config: { beta: 1 } },
    { monteclora_config: { samples: 2 } },
    { use_qalora: true },
    { use_bdlora: { nblocks: 2 } },
    { target_modules: '(?P<part>q|v)_proj' },
    { exclude_modules: '(' },
    { rank_pattern: { '(': 4 } },
  ];
  for (const fields of refused) {
    const [[name, value] = []] = Object.entries(fields);
    it(`is refused by name: ${JSON.stringify(fields)}`, () =>
      assert.throws(
        () => read(adapter('llama-causal', fields)),
        (error: unknown) => {
          assert.ok(error instanceof Error && 'code' in error && 'hint' in error);
          assert.equal(error.code, 'model/adapter-unsupported');
          assert.ok(error.message.startsWith(`The adapter has ${name}: ${JSON.stringify(value)}, which`));
          assert.match(String(error.hint), /Merge the adapter/);
          return true;
        },
      ));
  }

  const tensor = (...shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b)) });
  for (const [family, module, ending] of [
    ['llama-causal', 'model.embed_tokens', 'lora_embedding_A'],
    ['llama-causal', 'lm_head', 'lora_A.weight'],
    ['qwen2-causal', 'lm_head', 'lora_B.weight'],
  ] as const)
    it(`is refused where it adapts ${module} of ${family}, which is no linear layer of ours`, () =>
      assert.throws(
        () => read(adapter(family, {}, { [`base_model.model.${module}.${ending}`]: tensor(4, 16) })),
        {
          code: 'model/adapter-unsupported',
          message: `The adapter has target_modules: ["${module}"], which the trainer does not compute.`,
        },
      ));

  it('is refused with DoRA where a run goes on with it over 4 bits', () => {
    const magnitudes = Object.fromEntries(
      [0, 1].flatMap((layer) =>
        [
          ['q', 16],
          ['v', 8],
        ].map(([part, rows]) => [
          `base_model.model.model.layers.${layer}.self_attn.${part}_proj.lora_magnitude_vector`,
          tensor(Number(rows)),
        ]),
      ),
    );
    const base = adapter('llama-causal', { use_dora: true }, magnitudes);
    const model = inspectModel(base);
    const go = (quantization: object) => {
      const method = { lora: {}, ...quantization };
      const run = resolvedRun({ base, train: '', task: 'text-generation', method });
      return layOut(run, taskOf(readFamilyCase('llama-causal')), model.config, model);
    };
    assert.equal(go({}).continues, true);
    assert.throws(() => go({ quantization: { bnb_4bit_quant_type: 'nf4' } }), {
      code: 'run/other-adapter',
      message: /with use_dora: true, which needs the weights in full/,
    });
  });
});
