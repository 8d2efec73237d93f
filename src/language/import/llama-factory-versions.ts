import type { Setting } from './settings.ts';

/** Fields of LLaMA-Factory's version 1, and what they are in the version that is read here. */
const RENAMED: Readonly<Record<string, string>> = {
  model: '`model_name_or_path`',
  train_dataset: '`dataset`, the name of an entry of dataset_info.json',
  peft_config: '`finetuning_type`, `lora_rank`, `lora_alpha`, `lora_dropout` and `lora_target`',
  quant_config: '`quantization_bit`',
  micro_batch_size: '`per_device_train_batch_size`',
  global_batch_size: '`gradient_accumulation_steps`, times the batch of every device',
  enable_activation_checkpointing: '`gradient_checkpointing`',
  batching_strategy: '`packing`',
  optim_config: '`optim`',
  lr_scheduler_config: '`lr_scheduler_type`',
  dist_config: '`deepspeed` or `fsdp`',
  kernel_config: '`enable_liger_kernel`',
};

/** What only version 1 has beside `model`. */
const TELLING = ['model_class', 'peft_config', 'train_dataset', 'micro_batch_size', 'kernel_config'];

/** Whether a config is one of version 1 of LLaMA-Factory, whose fields are others. */
export function isVersion1(settings: Setting): boolean {
  const model = settings.peek('model');
  return typeof model === 'string' && TELLING.some((name) => settings.section(name) !== undefined);
}

/** The fields of a config of version 1 with what they are in the version that is read here. */
export function renamedFields(settings: Setting): string[] {
  return settings.children.flatMap(({ path, isEmpty }) =>
    !isEmpty && Object.hasOwn(RENAMED, path) ? [`\`${path}\` is ${RENAMED[path]}`] : [],
  );
}

/** Names that fields had before LLaMA-Factory 0.8, by what they are called since. */
const FORMER: Readonly<Record<string, readonly string[]>> = {
  pref_beta: ['dpo_beta', 'orpo_beta'],
  pref_loss: ['dpo_loss'],
  packing: ['sft_packing'],
};

/** Takes a setting under the name that it has or had. */
export function takeNamed(settings: Setting, name: string): Setting | undefined {
  return [name, ...(FORMER[name] ?? [])].flatMap((each) => settings.take(each) ?? [])[0];
}

/** Which names of an older release a config has, one sentence; `undefined` where there are none. */
export function tellFormerNames(settings: Setting): string | undefined {
  const found = Object.entries(FORMER).flatMap(([now, names]) =>
    names.flatMap((name) => (settings.section(name) ? [`\`${name}\` is \`${now}\``] : [])),
  );
  if (settings.section('max_source_length') ?? settings.section('max_target_length'))
    found.push('`max_source_length` and `max_target_length` are `cutoff_len`, their sum');
  return found.length === 0
    ? undefined
    : `This config is of an older LLaMA-Factory. Since then ${found.join(', ')}.`;
}
