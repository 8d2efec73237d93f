import { asNumber, carryAs, carryCheckpointing, carryEach, explainRest } from './carry.ts';
import { addDataset, type Paths } from './data.ts';
import type { Draft } from './draft.ts';
import { ADAPTER, carryMethod } from './method.ts';
import { interpolate } from './interpolate.ts';
import { isOff } from './reasons.ts';
import { textOf, type Setting } from './settings.ts';
import { readTorchtuneData, trainsOnInput } from './torchtune-data.ts';

/** Their names of linear layers that the Hugging Face names differ from. */
const MODULES: Readonly<Record<string, string>> = { output_proj: 'o_proj', output: 'lm_head' };

/**
 * Carries a torchtune config. Each part names a Python component in `_component_`; what those of torchtune itself do is
 * known here. Defaults are torchtune's: no clipping, AdamW's weight decay of 0.01, a constant rate without a scheduler.
 */
export function importTorchtune(given: Setting, draft: Draft, paths: Paths): void {
  const settings = interpolate(given);
  draft.set('model.task', 'text-generation');
  const checkpointer = settings.section('checkpointer');
  const folder = checkpointer?.take('checkpoint_dir');
  if (folder && typeof folder.value === 'string')
    draft.carry('model.base', folder, paths.onDisk(folder.value) ?? folder.value);
  for (const name of [
    '_component_',
    'checkpoint_files',
    'recipe_checkpoint',
    'output_dir',
    'model_type',
    'safe_serialization',
  ]) {
    const setting = checkpointer?.take(name);
    if (setting) draft.same(setting, 'A folder in Hugging Face layout says itself what is in it.');
  }
  const loss = settings.section('loss');
  const lossName = nameOf(loss);
  const isPreference = /DPO|RSO|IPO|Preference/i.test(lossName);
  const inputs = trainsOnInput(settings.section('dataset'));
  addDataset(
    draft,
    'data',
    readTorchtuneData(settings.section('dataset'), { paths }),
    readTorchtuneData(settings.section('dataset_val'), { paths }),
  );
  carryMask(draft, settings, inputs);
  carryTokenizer(settings, draft);
  carryModel(settings, draft, { loss, isPreference });
  carryOptimizer(settings, draft);
  carryLoop(settings, draft);
  explainRest(draft, settings);
}

/** What is learnt of a row besides the answers. */
function carryMask(
  draft: Draft,
  settings: Setting,
  { isSo, setting }: { isSo: boolean; setting: Setting | undefined },
): void {
  const format = draft.datasets[0]?.['format'];
  const field =
    format === 'chat' || format === 'sharegpt'
      ? 'data.assistant_only_loss'
      : format === 'alpaca' || format === 'prompt-completion'
        ? 'data.completion_only_loss'
        : undefined;
  if (field !== undefined) draft.set(field, !isSo);
  const sets = [settings.section('dataset'), settings.section('dataset_val')];
  for (const each of sets.flatMap((set) => (Array.isArray(set?.value) ? set.children : (set ?? [])))) {
    const said = each.section('train_on_input');
    if (!said) continue;
    if (field === undefined) draft.same(said.takeAll(), 'This format has no prompt to leave out.');
    else if (said === setting || said.value === isSo) draft.carried(field, said.takeAll());
  }
}

/** The last part of what `_component_` names. */
function nameOf(section: Setting | undefined): string {
  const component = section?.peek('_component_');
  return typeof component === 'string' ? (component.split('.').at(-1) ?? '') : '';
}

function carryTokenizer(settings: Setting, draft: Draft): void {
  const tokenizer = settings.section('tokenizer');
  if (!tokenizer) return;
  const length = tokenizer.take('max_seq_len');
  if (length) draft.carry('data.max_length', length, asNumber(length.value));
  for (const name of ['_component_', 'path', 'merges_file', 'merges_path', 'vocab_path']) {
    const setting = tokenizer.take(name);
    if (setting) draft.same(setting, 'The tokenizer of the model’s folder is taken.');
  }
}

function carryModel(
  settings: Setting,
  draft: Draft,
  { loss, isPreference }: { loss: Setting | undefined; isPreference: boolean },
): void {
  const model = settings.section('model') ?? settings;
  const name = nameOf(settings.section('model'));
  const [kind = ''] = name.split('_', 1);
  const component = settings.section('model')?.take('_component_');
  const isAdapter = kind === 'lora' || kind === 'qlora' || kind === 'dora';
  const modules = modulesOf(model, draft);
  const lossComponent = loss?.take('_component_');
  carryMethod(draft, model, {
    kind: isAdapter ? 'lora' : 'full',
    named: component,
    isQuantised: kind === 'qlora' || model.peek('quantize_base') === true,
    fields: { lora_rank: 'r', lora_alpha: 'lora_alpha', lora_dropout: 'lora_dropout', use_dora: 'use_dora' },
    allLinear: undefined,
    preference:
      isPreference && lossComponent ? { loss: lossOf(lossComponent), setting: lossComponent } : undefined,
  });
  if (loss && isPreference)
    carryEach(draft, loss, { beta: 'method.dpo.beta', label_smoothing: 'method.dpo.label_smoothing' });
  else if (lossComponent) draft.same(lossComponent, 'The loss is the mean cross-entropy of the targets.');
  for (const name of ['num_output_chunks', 'ignore_index']) {
    const setting = loss?.take(name);
    if (setting) draft.same(setting, 'The loss never holds all its logits, and leaves masked targets out.');
  }
  if (isAdapter && modules.length > 0) draft.set(`${ADAPTER}.target_modules`, modules);
}

function lossOf(component: Setting): string {
  const name = String(component.value).split('.').at(-1) ?? '';
  if (/ipo/i.test(name)) return 'ipo';
  return /rso|hinge/i.test(name) ? 'hinge' : 'sigmoid';
}

function modulesOf(model: Setting, draft: Draft): string[] {
  const modules: string[] = [];
  const attention = model.take('lora_attn_modules');
  const names = attention && Array.isArray(attention.value) ? attention.value.map(String) : [];
  const isWhole = !names.includes('');
  if (isWhole) modules.push(...names.map((name) => MODULES[name] ?? name));
  else if (attention) draft.lose(attention, 'One of its entries is empty, and names no module.');
  const mlp = model.take('apply_lora_to_mlp');
  if (mlp?.value === true) modules.push('gate_proj', 'up_proj', 'down_proj');
  const output = model.take('apply_lora_to_output');
  if (output?.value === true) draft.lose(output, 'The head of a language model gets no adapter here.');
  for (const setting of [isWhole ? attention : undefined, mlp])
    if (setting) draft.carried('method.lora.target_modules', setting);
  if (output && output.value !== true)
    draft.same(output, 'The head of a language model gets no adapter here.');
  return modules;
}

/** PyTorch's and bitsandbytes' optimizers, by the names that `optim` has for them. */
const OPTIMIZERS: readonly (readonly [RegExp, string])[] = [
  [/AdamW/, 'adamw_torch'],
  [/Adafactor/, 'adafactor'],
  [/^SGD/, 'sgd'],
];

const MOMENTS = 'AdamW, with its moments in 32 bits.';

function carryOptimizer(settings: Setting, draft: Draft): void {
  const optimizer = settings.section('optimizer');
  const component = optimizer?.take('_component_');
  const name = (textOf(component) ?? '').split('.').at(-1) ?? '';
  const optim = OPTIMIZERS.find(([pattern]) => pattern.test(name))?.[1];
  draft.set('train.weight_decay', optim === 'adamw_torch' ? 0.01 : 0);
  if (component && optim !== undefined)
    draft.carry('train.optim', component, optim, /8bit|Paged/.test(name) ? MOMENTS : undefined);
  else if (component) draft.lose(component, 'The bundled trainer has no such optimizer.');
  if (optimizer) {
    carryEach(draft, optimizer, {
      lr: 'train.learning_rate',
      weight_decay: 'train.weight_decay',
      eps: 'train.adam_epsilon',
    });
    const betas = optimizer.take('betas');
    if (betas && Array.isArray(betas.value)) {
      draft.carry('train.adam_beta1', betas, betas.value[0]);
      draft.set('train.adam_beta2', betas.value[1]);
    }
    const fused = optimizer.take('fused');
    if (fused) draft.same(fused, 'The bundled trainer chooses how it computes.');
  }
  const scheduler = settings.section('lr_scheduler');
  const schedule = scheduler?.take('_component_');
  draft.set('train.lr_scheduler_type', 'constant');
  if (schedule) {
    const kind = /get_([a-z_]+?)_schedule/.exec(String(schedule.value))?.[1] ?? String(schedule.value);
    draft.carry('train.lr_scheduler_type', schedule, kind);
  }
  if (!scheduler) return;
  carryAs(draft, scheduler, 'num_warmup_steps', 'train.warmup_steps');
  carryAs(draft, scheduler, 'num_cycles', 'train.lr_scheduler_kwargs.num_cycles');
}

function carryLoop(settings: Setting, draft: Draft): void {
  draft.set('train.max_grad_norm', 0);
  draft.set('train.num_train_epochs', 1);
  draft.set('train.save_strategy', 'epoch');
  carryEach(draft, settings, {
    batch_size: 'train.per_device_train_batch_size',
    batch_size_val: 'train.per_device_eval_batch_size',
    epochs: 'train.num_train_epochs',
    gradient_accumulation_steps: 'train.gradient_accumulation_steps',
    clip_grad_norm: 'train.max_grad_norm',
    seed: 'train.seed',
  });
  const checkpointing = settings.take('enable_activation_checkpointing');
  if (checkpointing) carryCheckpointing(draft, checkpointing);
  const each = settings.take('max_steps_per_epoch');
  if (each)
    draft.carry(
      'train.max_steps',
      each,
      Number(each.value) * Number(draft.get('train.num_train_epochs')),
      'Steps of all epochs together.',
    );
  const shuffle = settings.take('shuffle');
  if (shuffle)
    draft.carry('train.train_sampling_strategy', shuffle, isOff(shuffle.value) ? 'sequential' : 'random');
  const evaluate = settings.take('run_val_every_n_steps');
  if (evaluate && draft.has('data.eval')) {
    if (draft.carry('train.eval_steps', evaluate)) draft.set('train.eval_strategy', 'steps');
  } else if (evaluate) draft.lose(evaluate, 'There are no rows to evaluate on.');
  const device = settings.take('device');
  if (device)
    draft.carry(
      'target.local.device',
      device,
      device.value === 'cpu' ? 'cpu' : 'auto',
      'The fastest device that is found is taken.',
    );
  const set = settings.section('dataset');
  for (const each of Array.isArray(set?.value) ? set.children : set ? [set] : []) {
    const packed = each.take('packed');
    if (packed) draft.carry('data.packing', packed);
  }
  if (draft.has('data.max_length')) return;
  draft.set('data.max_length', 2048);
  draft.remark('`max_length: 2048` is assumed: torchtune cuts no row where `max_seq_len` is not set.');
}
