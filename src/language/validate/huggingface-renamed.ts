/** What became of a field that older releases of transformers or other trainers had. */
export interface FormerField {
  /** What it is now, or why it is gone. One sentence. */
  now: string;
  /** The field that takes its place, and the value for it where it differs; without it the field is to be removed. */
  field?: string;
  value?: (former: unknown) => string | undefined;
}

const renamed = (field: string): FormerField => ({ now: `It is called \`${field}\` now.`, field });
const gone = (now: string): FormerField => ({ now });

const OWN_DIRECTORY = 'Every run gets a directory of its own under `.tunebook/runs`.';
const ONE_DEVICE = 'The bundled trainer uses one device: see `target:`.';
const FLOAT_32 = 'There is one way to compute in mixed precision: `fp16`.';
const NO_UPLOAD = 'Tunebook uploads nothing.';
const NO_PYTORCH = 'It is about PyTorch, which the bundled trainer does not use.';

/** Fields of `TrainingArguments` that transformers 5 no longer has, from its migration guide and the releases before it. */
export const FORMER_TRAINING_ARGUMENTS: Readonly<Record<string, FormerField>> = {
  evaluation_strategy: renamed('eval_strategy'),
  per_gpu_train_batch_size: renamed('per_device_train_batch_size'),
  per_gpu_eval_batch_size: renamed('per_device_eval_batch_size'),
  warmup_ratio: {
    now: '`warmup_steps` takes a fraction of the run now.',
    field: 'warmup_steps',
    // A whole number would count steps.
    value: (ratio) => (typeof ratio === 'number' && ratio >= 0 && ratio < 1 ? String(ratio) : undefined),
  },
  evaluate_during_training: {
    now: 'It is `eval_strategy: steps` now.',
    field: 'eval_strategy',
    value: (on) => (on === true ? 'steps' : 'no'),
  },
  group_by_length: {
    now: 'It is `train_sampling_strategy: group_by_length` now.',
    field: 'train_sampling_strategy',
    value: (on) => (on === true ? 'group_by_length' : 'random'),
  },
  no_cuda: gone('Write `target: { local: { device: cpu } }` to compute on the processor.'),
  use_mps_device: gone('Write `target: { local: { device: webgpu } }` to compute on the graphics card.'),
  logging_dir: gone('The metrics of every step are kept in the run directory.'),
  overwrite_output_dir: gone(OWN_DIRECTORY),
  save_safetensors: gone('Models are always saved as safetensors.'),
  adafactor: gone('Write `optim: adafactor`.'),
  include_inputs_for_metrics: gone('The metrics of an evaluation are listed in `evaluate:`.'),
  include_tokens_per_second: gone('Tokens per second are always measured.'),
  past_index: gone('No model that is supported has it.'),
  use_legacy_prediction_loop: gone('There is one prediction loop.'),
  fp16_backend: gone(FLOAT_32),
  half_precision_backend: gone(FLOAT_32),
  fp16_opt_level: gone(FLOAT_32),
  tpu_num_cores: gone(ONE_DEVICE),
  tpu_metrics_debug: gone(ONE_DEVICE),
  sharded_ddp: gone(ONE_DEVICE),
  fsdp_min_num_params: gone(ONE_DEVICE),
  fsdp_transformer_layer_cls_to_wrap: gone(ONE_DEVICE),
  mp_parameters: gone(ONE_DEVICE),
  xpu_backend: gone(ONE_DEVICE),
  dispatch_batches: gone(ONE_DEVICE),
  split_batches: gone(ONE_DEVICE),
  ray_scope: gone('Hyperparameters are searched by other means.'),
  push_to_hub_model_id: gone(NO_UPLOAD),
  push_to_hub_organization: gone(NO_UPLOAD),
  push_to_hub_token: gone(NO_UPLOAD),
  jit_mode_eval: gone(NO_PYTORCH),
  torchdynamo: gone(NO_PYTORCH),
  use_ipex: gone(NO_PYTORCH),
};
