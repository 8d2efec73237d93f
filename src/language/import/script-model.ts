import { carryCheckpointing, carryLoraConfig } from './carry.ts';
import { carryBase, type Paths } from './data.ts';
import type { Draft } from './draft.ts';
import { ADAPTER, carryMethod, QUANTIZATION } from './method.ts';
import type { PythonCall } from './read-python.ts';
import { explainUnknown, lastOf } from './script-calls.ts';
import { Setting, textOf } from './settings.ts';
import { PREFERENCE_FIELDS } from './trl.ts';

/** The task of each of transformers' and Unsloth's classes for models. */
export const MODEL_CLASSES: readonly (readonly [RegExp, string])[] = [
  [/ForSequenceClassification$/, 'text-classification'],
  [/ForTokenClassification$/, 'token-classification'],
  [/ForMaskedLM$/, 'fill-mask'],
  [/ForCausalLM$|LMHeadModel$|^Fast\w*Model$/, 'text-generation'],
];

/** Unsloth's classes, which load in 4 bits where nothing else is said. */
const UNSLOTH = /^Fast\w*Model$/;

/** What Unsloth's `get_peft_model` does where nothing else is said. */
const UNSLOTH_LORA = {
  r: 16,
  lora_alpha: 16,
  lora_dropout: 0,
  target_modules: ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'],
} as const;

/** What a script says of its model. */
export interface ScriptModel {
  /** What says that the base is read in 4 bits; `true` where nothing else is said and the class does so. */
  bits: Setting | true | undefined;
}

/** Carries the first model that a script loads for training. */
export function carryModel(calls: readonly PythonCall[], draft: Draft, paths: Paths): ScriptModel {
  for (const { name, settings } of calls) {
    const [, className = ''] = /([A-Za-z0-9_]+)\.from_pretrained$/.exec(name) ?? [];
    const task = MODEL_CLASSES.find(([pattern]) => pattern.test(className))?.[1];
    if (task === undefined) continue;
    draft.set('model.task', task);
    if (/Vision/.test(className))
      draft.remark(`Careful: \`${className}\` sees pictures as well, and Tunebook trains on text.`);
    carryBase(draft, paths, {
      base: ['0', 'pretrained_model_name_or_path', 'model_name'].flatMap(
        (key) => settings.take(key) ?? [],
      )[0],
      revision: settings.take('revision'),
    });
    carryLabels(draft, settings);
    const config = calls.find((call) => /(^|\.)AutoConfig\.from_pretrained$/.test(call.name))?.settings;
    if (config && draft.has('model.base')) carryLabels(draft, config);
    const length = settings.take('max_seq_length');
    if (length) draft.carry('data.max_length', length);
    const bits = settings.take('load_in_4bit');
    const isFull = settings.take('full_finetuning');
    if (isFull) draft.carried('method', isFull);
    const usual = UNSLOTH.test(className) && isFull?.value !== true && settings.peek('load_in_8bit') !== true;
    explainUnknown(draft, settings);
    return { bits: bits ?? (usual ? true : undefined) };
  }
  return { bits: undefined };
}

/** A trainer of TRL loads the model itself where it is given a name: `SFTTrainer(model="Qwen/Qwen3-0.6B", …)`. */
export function carryNamedModel(trainer: Setting, draft: Draft, paths: Paths): void {
  const name = ['model', '0'].find((key) => typeof trainer.peek(key) === 'string');
  if (name === undefined || draft.has('model.base')) return;
  draft.set('model.task', 'text-generation');
  carryBase(draft, paths, { base: trainer.take(name), revision: undefined });
}

/** What a classifier's outputs mean. With one output transformers predicts a number, whether or not the script says so. */
function carryLabels(draft: Draft, settings: Setting): void {
  const problem = settings.take('problem_type');
  const labels = settings.take('num_labels');
  const ignored = settings.take('ignore_mismatched_sizes');
  if (ignored) draft.carry('model.ignore_mismatched_sizes', ignored);
  if (labels && labels.value === undefined)
    draft.lose(labels, 'It is computed by the script; the labels of the data are counted here.');
  else if (labels) draft.carry('model.num_labels', labels);
  if (problem) draft.carry('model.problem_type', problem);
  else if (labels?.value === 1 && draft.get('model.task') === 'text-classification')
    draft.set('model.problem_type', 'regression');
}

/** Carries LoRA as PEFT's `LoraConfig` or Unsloth's `get_peft_model` have it, and the preference method beside it. */
export function carryAdapter(
  calls: readonly PythonCall[],
  draft: Draft,
  { bits, preference }: ScriptModel & { preference: { loss: string; setting: Setting } | undefined },
): void {
  const first = (pattern: RegExp) => calls.find(({ name }) => pattern.test(name))?.settings;
  const unsloth = first(/^Fast\w*Model\.get_peft_model$/);
  const lora = unsloth ?? first(/(^|\.)LoraConfig$/);
  const quantisation = first(/(^|\.)BitsAndBytesConfig$/);
  const said = quantisation?.take('load_in_4bit') ?? bits;
  const isQuantised = said === true || (said instanceof Setting && said.value === true);
  carryMethod(draft, preference?.setting ?? lora, {
    kind: lora ? 'lora' : 'full',
    named: undefined,
    isQuantised,
    fields: {},
    allLinear: undefined,
    preference,
    preferenceFields: PREFERENCE_FIELDS,
  });
  if (said instanceof Setting) {
    if (said.value === false) draft.same(said, 'Weights are not quantised without being asked for.');
    else if (draft.has(QUANTIZATION)) draft.carried(QUANTIZATION, said);
    else draft.lose(said, 'The base is read as it is, in its own precision.');
  }
  if (quantisation) explainUnknown(draft, quantisation);
  if (!lora) return;
  if (unsloth) carryUnsloth(draft, unsloth);
  carryLoraConfig(draft, lora, ADAPTER);
  explainUnknown(draft, lora);
}

/** What Unsloth says beside the fields of `LoraConfig`. */
function carryUnsloth(draft: Draft, settings: Setting): void {
  for (const [field, value] of Object.entries(UNSLOTH_LORA)) draft.set(`${ADAPTER}.${field}`, value);
  settings.take('0');
  settings.take('model');
  const checkpointing = settings.take('use_gradient_checkpointing');
  if (checkpointing) carryCheckpointing(draft, checkpointing);
  const seed = settings.take('random_state');
  if (seed) draft.lose(seed, 'What an adapter starts from is drawn with `train.seed`.');
}

/** The loss of a preference trainer's arguments. */
export function lossOf(settings: Setting, name: string): string {
  if (lastOf(name).startsWith('ORPO')) return 'orpo';
  return textOf(settings.take('loss_type')) ?? 'sigmoid';
}
