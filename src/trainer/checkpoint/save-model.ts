import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoraConfig } from '../../language/resolved.ts';
import { tiedAmong } from '../methods/tied-weight.ts';
import type { Parameter } from '../models/parameter.ts';
import { parseModelConfig } from '../models/config.ts';
import type { TiedWeight } from '../models/family.ts';
import { headFor, type Task } from '../models/task.ts';
import { writeSafetensors, type FloatDtype, type TensorToWrite } from '../safetensors/write.ts';
import { ADAPTER_PREFIX, adaptedBias } from './load-parameters.ts';
import { writeConfig } from './write-config.ts';

/** Everything but the numbers that a saved model or adapter says about itself. */
export interface ModelDescription {
  /** The fields of the base model's config.json. */
  readonly baseConfig: Readonly<Record<string, unknown>>;
  readonly task: Task;
  readonly labels: readonly string[];
  /** Set when the run trains an adapter: its settings and where the base model lies: a folder, or `owner/name` of the Hub. */
  readonly adapter?: {
    readonly lora: LoraConfig & Required<Pick<LoraConfig, 'target_modules'>>;
    readonly modulesToSave: readonly string[];
    readonly base: string;
    /** The commit of a base that is named as on the Hub. */
    readonly revision?: string;
  };
}

/** How the name of each adapted layer's first matrix ends. */
const LORA_A = '.lora_A.weight';

/** What `config.json` calls the types of floats. */
export const CONFIG_DTYPES: Readonly<Record<FloatDtype, string>> = {
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
};

/**
 * Writes a model or an adapter into an existing folder, as save_pretrained of transformers or PEFT lays it out.
 * An adapter is accompanied by `config.json` with the labels, which PEFT ignores and Tunebook reads back.
 * @param dtype how floats are stored
 */
export function saveModel(
  folder: string,
  description: ModelDescription,
  parameters: Iterable<Parameter>,
  values: ReadonlyMap<string, Float32Array>,
  dtype: FloatDtype = 'F32',
): void {
  const config = { ...configOf(description), dtype: CONFIG_DTYPES[dtype] };
  writeConfig(join(folder, 'config.json'), config);
  const prefix = description.adapter ? ADAPTER_PREFIX : '';
  const tensors = new Map<string, TensorToWrite>();
  const list = [...parameters];
  const adapted = new Map(
    list
      .filter(({ name }) => name.endsWith(LORA_A))
      .map(({ name }) => name.slice(0, -LORA_A.length))
      .map((layer) => [`${layer}.bias`, adaptedBias(layer)]),
  );
  for (const { name, shape } of list) {
    const data = values.get(name);
    if (!data) throw new Error(`there is no value to save for ${name}`);
    tensors.set(prefix + (adapted.get(name) ?? name), { shape, data });
  }
  const tied = tiedOf(description);
  // PEFT wants the one weight under both of its names.
  const table = tied && tensors.get(`${prefix}${tied.embedding}.weight`);
  if (table) tensors.set(`${prefix}${tied.output}.weight`, table);
  if (description.adapter) writeJson(join(folder, 'adapter_config.json'), adapterConfigOf(description));
  writeSafetensors(
    join(folder, description.adapter ? 'adapter_model.safetensors' : 'model.safetensors'),
    tensors,
    { dtype },
  );
}

function configOf({ baseConfig, task, labels }: ModelDescription): Record<string, unknown> {
  const { id2label: _id2label, label2id: _label2id, num_labels: _numLabels, ...fields } = baseConfig;
  const head = headFor(parseModelConfig(baseConfig, 'config.json'), task);
  return {
    ...fields,
    ...(head ? { architectures: [head.className] } : {}),
    ...headFieldsOf(task, labels),
  };
}

function headFieldsOf(task: Task, labels: readonly string[]): Record<string, unknown> {
  if (task.kind === 'fill-mask') return { tie_word_embeddings: true };
  if (task.kind === 'text-generation') return {};
  // What has no name is called as transformers calls it.
  const names = labels.length > 0 ? labels : Array.from({ length: task.numLabels }, (_, id) => `LABEL_${id}`);
  return {
    id2label: Object.fromEntries(names.map((label, id) => [id, label])),
    label2id: Object.fromEntries(names.map((label, id) => [label, id])),
    ...(task.kind === 'text-classification'
      ? { problem_type: task.problemType ?? 'single_label_classification' }
      : {}),
  };
}

/** PEFT's name of each task; masked-language training has none. */
const PEFT_TASK_TYPES = {
  'text-classification': 'SEQ_CLS',
  'token-classification': 'TOKEN_CLS',
  'text-generation': 'CAUSAL_LM',
  'fill-mask': null,
} as const;

/** The weight of an adapter's own that its base uses twice. */
function tiedOf({ adapter, baseConfig, task }: ModelDescription): TiedWeight | undefined {
  if (!adapter) return undefined;
  const tied = headFor(parseModelConfig(baseConfig, 'config.json'), task)?.tied;
  return tiedAmong(tied, adapter.modulesToSave).length > 0 ? tied : undefined;
}

/** `adapter_config.json` with every field that PEFT 0.21 needs to build the same adapter. */
function adapterConfigOf(description: ModelDescription): Record<string, unknown> {
  const { adapter, task, baseConfig } = description;
  if (!adapter) throw new Error('no adapter is trained');
  const { lora, modulesToSave, base, revision } = adapter;
  return {
    peft_type: 'LORA',
    task_type: PEFT_TASK_TYPES[task.kind],
    base_model_name_or_path: base,
    revision: revision ?? null,
    inference_mode: true,
    r: lora.r,
    lora_alpha: lora.lora_alpha,
    lora_dropout: lora.lora_dropout,
    target_modules: lora.target_modules,
    modules_to_save: modulesToSave.length > 0 ? modulesToSave : null,
    ensure_weight_tying: tiedOf(description) !== undefined,
    bias: lora.bias,
    use_rslora: lora.use_rslora,
    init_lora_weights: lora.init_lora_weights,
    // GPT-2's weights lie the other way round, and PEFT wants to be told.
    fan_in_fan_out: baseConfig['model_type'] === 'gpt2',
    use_dora: lora.use_dora,
    rank_pattern: lora.rank_pattern,
    alpha_pattern: lora.alpha_pattern,
    exclude_modules: lora.exclude_modules ?? null,
    layers_to_transform: lora.layers_to_transform ?? null,
  };
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
