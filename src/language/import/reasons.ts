import { FORMER_TRAINING_ARGUMENTS } from '../validate/huggingface-renamed.ts';
import {
  UNSUPPORTED_LORA_CONFIG,
  UNSUPPORTED_TRAINING_ARGUMENTS,
} from '../validate/huggingface-unsupported.ts';
import type { Draft } from './draft.ts';
import type { Setting } from './settings.ts';

/** A setting that Tunebook has no field for, and what becomes of it. */
export interface Reason {
  /** Names of settings, as every tool may call them. */
  names: RegExp;
  why: string;
  /** The result is the same without it. */
  same?: true;
  /** It decides what is learnt: without it something else is trained. */
  decides?: true;
}

/** What becomes of settings that no field stands for. The first that fits counts. */
export const REASONS: readonly Reason[] = [
  {
    names:
      /^(unfrozen_parameters|num_layer_trainable|name_module_trainable|freeze_(trainable|extra)_\w+|use_llama_pro|mixture_of_depths|lisa_\w+|relora\w*|lora_target_parameters)$/,
    why: 'Which weights are trained cannot be said so here: it is all of them, or LoRA with `target_modules` and `layers_to_transform`.',
    decides: true,
  },
  {
    names:
      /^(use_(dft|eaft|asft)\w*|(asft|eaft|dft)_\w+|ebft|diffusion|kd_\w+|teacher\w*|distill\w*|use_onebitllms|train_on_last_step_only|step_separator)$/,
    why: 'Tunebook has no such loss.',
    decides: true,
  },
  {
    names: /^(qat|quantizer|llmcompressor|fake_quant\w*|int4_weight\w*)$/,
    why: 'Weights are not trained for being quantised later.',
    decides: true,
  },
  {
    names: /^plugins$/,
    why: 'Python code is not run; those of Liger, Cut Cross Entropy and other kernels only compute the same faster.',
  },
  {
    names:
      /(^|_)(attention|attn|flash|xformers|sdp|flex|unsloth|liger|cut_cross_entropy|kernels?|fused|compile|scattermoe|sonicmoe|tiled_mlp|experts_implementation|fp4_grouped\w*)(_|$)|^(torch_compile|use_fast_tokenizer|moe_(grouped|token)\w*|(bias_activation|apply_rope)_fusion)/,
    why: 'The bundled trainer chooses how it computes; the numbers are the same.',
    same: true,
  },
  {
    names:
      /^(dataset_prepared_path|dataset_processes|dataset_num_proc|dataset_keep_in_memory|skip_prepare_dataset|preprocessing_\w+|overwrite_cache|tokenized_path|dataloader_\w+|remove_unused_columns|num_workers|low_cpu_mem_usage|gc_steps|streaming|buffer_size)$/,
    why: 'The bundled trainer reads and caches the data by itself.',
    same: true,
  },
  {
    names:
      /^(pad_to_sequence_len|pad_to_multiple_of|multipack_\w+|batch_flattening|eval_sample_packing|sample_packing_\w+|min_sample_len)$/,
    why: 'Nothing is padded here outside attention, and evaluation needs no packing.',
    same: true,
  },
  {
    names: /^(output_dir|logging_dir|overwrite_output_dir|save_safetensors|log_dir|adapter_config)$/,
    why: 'Every run gets a directory of its own under `.tunebook/runs`, with its model in `output/`.',
    same: true,
  },
  {
    names:
      /^(plot_loss|log_peak_memory_stats|include_num_input_tokens_seen|include_tokens_per_second|disable_tqdm|logging_first_step|debug|profiler\w*|metric_logger|log_every_n_steps|log_level)$/,
    why: 'The metrics of every step are kept and drawn in any case.',
    same: true,
  },
  {
    names: /^(do_train|strict|trust_remote_code|resume_from_checkpoint|auto_resume_from_checkpoints)$/,
    why: 'It is about how the other tool is started; here a run is started, and resumed by its id.',
    same: true,
  },
  {
    names:
      /^(model_type|tokenizer_type|is_\w+_derived_model|base_model_config|tokenizer_config|tokenizer_use_fast|tokenizer_legacy)$/,
    why: 'Model and tokenizer say themselves what they are.',
    same: true,
  },
  {
    names:
      /^(wandb|mlflow|comet|swanlab|trackio|gradio|use_(wandb|mlflow|comet|tensorboard|swanlab)|report_to)/,
    why: 'Metrics are kept in the run directory; `tunebook` and the metrics panel show them.',
  },
  {
    names:
      /^(deepspeed|fsdp|ddp|tensor_parallel|context_parallel|sequence_parallel|dp_|tp_|pp_|ep_|world_size|local_rank|device_map|accelerator|ray|expert_parallel|expert_model_parallel|context_par|tensor_model_parallel|pipeline_model_parallel|use_distributed|overlap_|custom_sharded|tensor_parallel|num_processes|num_nodes|max_memory|gpu_memory_limit|sharded|heads_k_stride|ring_attn|master_|nproc)/,
    why: 'The bundled trainer uses one device (`target:`). For the batch of several, raise `gradient_accumulation_steps` as many times.',
  },
  {
    names:
      /^(bf16|fp16|fp8|tf32|bfloat16|float16|float32|pure_bf16|torch_dtype|dtype|upcast_\w+|infer_dtype|enable_fp8\w*|half_precision\w*)/,
    why: 'Weights are float32; matrices are multiplied in float32, or in float16 with `fp16` of the run.',
  },
  {
    names:
      /^(gradient_checkpointing_kwargs|use_reentrant_gc|activation_offloading|enable_activation_offloading|optimizer_in_bwd|layer_offloading|cpu_offload)/,
    why: 'It saves memory and changes no number; `gradient_checkpointing` is what Tunebook has for that.',
    same: true,
  },
  {
    names: /^(hf_use_auth_token|hf_hub_token|token)$/,
    why: 'What is private on the Hub is opened by `HF_TOKEN`.',
    same: true,
  },
  { names: /hub/, why: 'Tunebook uploads nothing.' },
  {
    names: /^(dataset_exact_deduplication|deduplicat\w*)$/,
    why: 'No row is dropped: `tunebook check` names those that stand there twice.',
  },
  {
    names:
      /^(quantization_method|double_quantization|bnb_\w+|gptq\w*|quantize_\w+|model_quantization_config\w*|hqq\w*|awq\w*)$/,
    why: '4 bits are NF4 here, with scales in full precision; nothing else is read.',
  },
  { names: /^(lora_)?fan_in_fan_out$/, why: 'How a layer keeps its weights is known here.', same: true },
  {
    names: /^(fp8|pissa_\w+|loraplus_\w+|lora_plus\w*|loftq\w*)$/,
    why: 'The bundled trainer starts LoRA as PEFT does by itself, with one learning rate for both matrices.',
  },
  {
    names:
      /^(fast_inference|max_lora_rank|gpu_memory_utilization|predict_with_generate|do_predict|max_new_tokens|top_[kp]|temperature|num_beams|infer_backend)$/,
    why: 'What a model writes is asked for by `evaluate:` and `tunebook generate`.',
  },

  {
    names:
      /^(special_tokens|tokens|added_tokens_overrides|eot_tokens|add_tokens|add_special_tokens|new_special_tokens\w*|resize_\w+|shrink_embeddings|mean_resizing\w*|resize_vocab|split_special_tokens)/,
    why: 'The tokenizer is used as it is in the folder of the model.',
  },
  {
    names: /(image|video|audio|vision|multi_modal|projector|processor)/,
    why: 'Tunebook trains language models on text.',
  },
  {
    names:
      /^(galore|apollo|badam|use_(galore|apollo|badam|adam_mini|muon)|muon|lisa|relora|optim_target_modules|optim_args)/,
    why: 'The bundled trainer has no such optimizer.',
  },
  {
    names:
      /^(ppo|kto|grpo|trl|vllm|reward|rm_|simpo|cpo|bco|process_reward|policy_model|ref_policy|value_checkpointer)/,
    why: 'The bundled trainer has no such method.',
    decides: true,
  },
  {
    names: /^(dataset|datasets|dataset_val)$/,
    why: 'What is made of these rows is not known here: bring them into a format of Tunebook, and name them in `dataset:`.',
  },
  {
    names: /^type$/,
    why: 'No format of Tunebook is written so. Bring the rows into one, `prompt-completion` or `chat` for example, and name it in `format:`.',
  },
  {
    names: /^validation_split\w*$/,
    why: '`train_test_split` of a data set holds rows out of its split `train`.',
  },
  {
    names:
      /^(template|chat_template\w*|prompt_template|new_system_prompt|default_system_message|tool_format|chat_template_kwargs)$/,
    why: 'The chat template of the tokenizer is taken; `data.chat_template_path` names another one.',
  },
  {
    names: /^(max_samples|max_(train|eval|predict)_samples|sample|shards|dataset_shard\w*)$/,
    why: 'Every row of a file is read: cut the file, or set `max_steps`.',
  },
  {
    names: /^(lora_model_dir|adapter_name_or_path|checkpoint_dir|create_new_adapter)$/,
    why: 'To go on with an adapter, name its folder in `model.base`.',
  },
  {
    names: /^label_all_tokens$/,
    why: 'The first token of a word carries its label here, the others none.',
    decides: true,
  },
  {
    names: /^shuffle_train_dataset$/,
    why: 'Rows are drawn anew in every epoch, by `train.seed`.',
    same: true,
  },
  {
    names: /^(metric_name|return_entity_level_metrics)$/,
    why: 'Metrics are named in an `evaluate:` document.',
  },
  { names: /^(callbacks?|hooks?)$/, why: 'Python code is not run.' },
  {
    names: /^(loss_watchdog\w*|neftune\w*|noisy_embedding_alpha)$/,
    why: 'The bundled trainer has nothing like it; a loss that is no number stops a run.',
  },
];

/** Says what becomes of a setting for which there is no field. */
export function explainLeftOver(draft: Draft, setting: Setting): void {
  const [name = ''] = setting.path.split(/[.[]/, 1);
  const last = setting.path.split('.').at(-1) ?? name;
  if (isOff(setting.value)) {
    draft.same(setting, 'It is off there, and Tunebook does not do it.');
    return;
  }
  const reason =
    REASONS.find(({ names }) => names.test(name)) ?? REASONS.find(({ names }) => names.test(last));
  if (reason?.same) draft.same(setting, reason.why);
  else if (reason?.decides) draft.differ(setting, reason.why);
  else
    draft.lose(
      setting,
      reason?.why ?? huggingFaceReason(last) ?? 'Tunebook has nothing that corresponds to it.',
    );
}

function huggingFaceReason(name: string): string | undefined {
  if (Object.hasOwn(UNSUPPORTED_TRAINING_ARGUMENTS, name)) return UNSUPPORTED_TRAINING_ARGUMENTS[name];
  if (Object.hasOwn(UNSUPPORTED_LORA_CONFIG, name)) return UNSUPPORTED_LORA_CONFIG[name];
  return Object.hasOwn(FORMER_TRAINING_ARGUMENTS, name) ? FORMER_TRAINING_ARGUMENTS[name]?.now : undefined;
}

/** Whether a setting turns something off. */
export function isOff(value: unknown): boolean {
  return (
    value === false || value === null || value === '' || value === 0 || value === 'none' || value === 'no'
  );
}
