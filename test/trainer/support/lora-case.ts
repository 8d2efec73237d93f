import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspectModel } from '../../../src/trainer/checkpoint/inspect-model.ts';
import { loadParameters } from '../../../src/trainer/checkpoint/load-parameters.ts';
import { CPU_LOWERING } from '../../../src/trainer/graph/graph.ts';
import { loadQuantized, quantizedLayers } from '../../../src/trainer/loop/quantize-weights.ts';
import { isTrainedByLora } from '../../../src/trainer/methods/lora.ts';
import { mergeLora } from '../../../src/trainer/methods/merge.ts';
import type { Parameter } from '../../../src/trainer/models/parameter.ts';
import { buildTask, headFor } from '../../../src/trainer/models/task.ts';
import type { ModelSpec } from '../../../src/trainer/runtime/model-spec.ts';
import { fixturesOf } from './fixtures-folder.ts';
import { readLora, root, taskOf, type FamilyCase, type Training } from './family-case.ts';
import { resolvedRun } from './resolved-run.ts';

/** A model with an adapter, as {@link runCase} takes it. */
export interface LoraModel {
  spec: ModelSpec;
  values: Map<string, Float32Array>;
}

/** A case of test/fixtures/adapters, made by python/make_adapter_fixtures.py. */
export interface AdapterCase extends FamilyCase {
  family: string;
  merged_logits: number[][];
}

/** A case of test/fixtures/nf4, made by python/make_nf4_fixture.py. */
export interface Nf4Case extends FamilyCase {
  lora: Training;
}

/** The families over which test/fixtures/nf4 has a case. */
export const NF4_FAMILIES = ['llama-causal', 'gpt2-causal', 'bert-tokens', 'qwen3-causal'];

export function readAdapterCase(name: string): AdapterCase {
  // SAFETY: made by python/make_adapter_fixtures.py, which writes this shape.
  return JSON.parse(readFileSync(join(fixturesOf('adapters'), name, 'case.json'), 'utf8')) as AdapterCase;
}

export function readNf4Case(family: string): Nf4Case {
  // SAFETY: made by python/make_nf4_fixture.py, which writes this shape.
  return JSON.parse(readFileSync(join(fixturesOf('nf4'), family, 'case.json'), 'utf8')) as Nf4Case;
}

/** The base of a case with the adapter that PEFT saved over it, and the same with the adapter merged. */
export function adapterModel(
  name: string,
  made: AdapterCase,
): { adapted: LoraModel; merge: () => LoraModel } {
  const folder = join(fixturesOf('adapters'), name);
  const base = join(root, made.family);
  const task = taskOf(made);
  const { config } = inspectModel(base);
  const lora = readLora(folder, base);
  const { builder } = buildTask(config, task, { adapter: lora, training: false, lowering: CPU_LOWERING });
  const values = load(builder.parameters.values(), [base, folder]);
  const isTrained = (parameter: Parameter) => isTrainedByLora(parameter, lora.options);
  return {
    adapted: { spec: { config, task, options: { adapter: lora }, isTrained, labelSmoothing: 0 }, values },
    merge: () => {
      const merged = new Map(values);
      mergeLora(lora, builder.linearLayers, merged);
      const spec = { config, task, options: {}, isTrained: () => true, labelSmoothing: 0 };
      return { spec, values: merged };
    },
  };
}

/** The base of a case in 4 bits, and over it the adapter that PEFT drew. */
export function nf4Model(family: string, made: Nf4Case): LoraModel {
  const folder = join(fixturesOf('nf4'), family);
  const base = join(root, family);
  const { config } = inspectModel(base);
  const task = taskOf(made);
  const lora = readLora(folder, base);
  const { r, lora_alpha, lora_dropout, use_rslora, init_lora_weights, modules_to_save } = lora.options;
  const method = {
    lora: { r, lora_alpha, lora_dropout, use_rslora, init_lora_weights },
    quantization: { bnb_4bit_quant_type: 'nf4' as const },
  };
  const run = resolvedRun({ base, train: '', task: task.kind, method });
  const quantized = quantizedLayers(run, headFor(config, task)!, modules_to_save)!;
  const options = { adapter: lora, quantized };
  const builder = (parts: Partial<typeof options>) =>
    buildTask(config, task, { ...parts, training: false, lowering: CPU_LOWERING }).builder;
  const needed = [...builder(options).parameters.values()].filter(({ name }) => !/nf4|absmax/.test(name));
  const values = load(needed, [base, folder]);
  loadQuantized(builder({}), quantized, [base], values);
  const isTrained = (parameter: Parameter) => isTrainedByLora(parameter, lora.options);
  return { spec: { config, task, options, isTrained, labelSmoothing: 0 }, values };
}

function load(parameters: Parameters<typeof loadParameters>[0], folders: string[]): LoraModel['values'] {
  const { values, initialized } = loadParameters(parameters, folders, 1);
  if (initialized.length > 0) throw new Error(`not in the files: ${initialized.join(', ')}`);
  return values;
}
