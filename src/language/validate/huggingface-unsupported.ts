/** Why the bundled trainer does not take a field, and what there is instead. One or two sentences each. */
type Reasons = Readonly<Record<string, string>>;

/** The same reason for several fields. */
function because(reason: string, fields: string): Reasons {
  return Object.fromEntries(
    fields
      .trim()
      .split(/\s+/)
      .map((field) => [field, reason]),
  );
}

/**
 * Every field of transformers 5.18's `TrainingArguments` that `train:` does not have. Held against
 * test/fixtures/huggingface-defaults.json, so that a field is either run or explained.
 */
export const UNSUPPORTED_TRAINING_ARGUMENTS: Reasons = {
  ...because(
    'Matrices are multiplied in float32, or in float16 with `fp16`, in training and in evaluation alike.',
    'bf16_full_eval fp16_full_eval tf32',
  ),
  ...because(
    'The bundled trainer uses one device: see `target:`.',
    `accelerator_config average_tokens_across_devices ddp_backend ddp_broadcast_buffers ddp_bucket_cap_mb
    ddp_find_unused_parameters ddp_static_graph ddp_timeout deepspeed eval_use_gather_object fsdp fsdp_config local_rank
    log_level_replica log_on_each_node parallelism_config save_on_each_node`,
  ),
  ...because(
    'It is about PyTorch, which the bundled trainer does not use.',
    `debug enable_jit_checkpoint liger_kernel_config skip_memory_metrics torch_compile torch_compile_backend
    torch_compile_mode torch_empty_cache_steps use_liger_kernel`,
  ),
  ...because(
    'Tunebook uploads nothing.',
    `hub_always_push hub_model_id hub_private_repo hub_revision hub_strategy hub_token push_to_hub trackio_bucket_id
    trackio_space_id trackio_static_space_id`,
  ),
  ...because(
    'The metrics of every step are kept in the run directory, and the metrics panel shows them.',
    `disable_tqdm include_num_input_tokens_seen log_level logging_first_step logging_nan_inf_filter logging_strategy
    project`,
  ),
  ...because(
    'The bundled trainer reads the data itself, in one process.',
    `dataloader_in_order dataloader_multiprocessing_context dataloader_num_workers dataloader_persistent_workers
    dataloader_pin_memory dataloader_prefetch_factor length_column_name remove_unused_columns`,
  ),
  ...because(
    'What is evaluated, and when, is said by `eval_strategy`, `eval_steps` and `evaluate:`.',
    `batch_eval_metrics do_eval do_predict do_train eval_accumulation_steps eval_delay eval_do_concat_batches
    include_for_metrics prediction_loss_only`,
  ),
  ...because(
    'A checkpoint holds all that resuming needs, and a run is resumed by its id.',
    'ignore_data_skip restore_callback_states_from_checkpoint resume_from_checkpoint save_only_model',
  ),
  ...because('The bundled trainer has AdamW, without further arguments.', 'optim_args optim_target_modules'),
  auto_find_batch_size:
    '`tunebook plan` says what a batch needs; a smaller batch, `gradient_accumulation_steps` and `gradient_checkpointing` save memory.',
  gradient_checkpointing_kwargs: '`gradient_checkpointing` has one way to work here, without arguments.',
  ...because('Every run gets a directory of its own under `.tunebook/runs`.', 'output_dir'),
  full_determinism: 'A run on the processor is always deterministic.',
  label_names: 'The column of the label is named in `columns:` of the data set.',
  neftune_noise_alpha: 'The bundled trainer adds no noise to embeddings.',
  run_name: 'The name of a run stands behind `run:`.',
  use_cache: 'No model that is supported keeps a cache while it trains.',
  use_cpu: 'Write `target: { local: { device: cpu } }` to compute on the processor.',
};

/** Every field of PEFT's `LoraConfig` that `lora:` does not have; held against the same fixture. */
export const UNSUPPORTED_LORA_CONFIG: Reasons = {
  ...because(
    'The bundled trainer has LoRA, rsLoRA and DoRA, not this variant.',
    `alora_invocation_tokens arrow_config corda_config eva_config kasa_config layer_replication
    loftq_config lora_bias lora_ga_config monteclora_config qalora_group_size target_parameters
    trainable_token_indices use_bdlora use_qalora velora_config`,
  ),
  layers_pattern: '`layers_to_transform` counts the layers of the model by the first number in their names.',
  ...because(
    'It follows from the model, and is written into the adapter.',
    `auto_mapping base_model_name_or_path ensure_weight_tying fan_in_fan_out inference_mode peft_type revision runtime_config task_type`,
  ),
  ...because('The bundled trainer uses one device: see `target:`.', 'megatron_config megatron_core'),
};

/** Fields of transformers' `BertConfig` that `architecture:` does not have. */
export const UNSUPPORTED_BERT_CONFIG: Reasons = {
  ...because(
    'Labels are named in `model:` or in the data set.',
    'id2label label2id problem_type finetuning_task',
  ),
  ...because(
    'The head is made for `task`, with the dropout of the hidden layers.',
    'architectures classifier_dropout tie_word_embeddings',
  ),
  ...because(
    'The bundled trainer has BERT as an encoder.',
    'add_cross_attention chunk_size_feed_forward is_decoder is_encoder_decoder use_cache',
  ),
  ...because('Token ids follow from the tokenizer.', 'bos_token_id eos_token_id pad_token_id'),
  ...because(
    'It does not change what is trained.',
    'dtype output_attentions output_hidden_states return_dict torch_dtype transformers_version',
  ),
  position_embedding_type: 'Positions are absolute, as in transformers 5.',
};
