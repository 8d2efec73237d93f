import Type from 'typebox';
import { Nullable, StepsOrFraction } from './field.ts';
import { OPTIMIZERS } from './optimizers.ts';
import { ScheduleArgumentsSchema, SCHEDULES } from './schedule.ts';

const of = (name: string) => `transformers.TrainingArguments.${name}`;

/**
 * `train:`: names, defaults and meaning of transformers 5.18's `TrainingArguments`, as far as the trainer runs them.
 * Checked against the installed transformers by `python/` fixtures; a field that is not here cannot be set.
 */
export const TrainSchema = Type.Object(
  {
    num_train_epochs: Type.Optional(
      Type.Number({
        description:
          'How many times the training data is gone through. A fraction stops within an epoch. Small data sets usually want 3 to 10.',
        default: 3,
        exclusiveMinimum: 0,
        'x-counterpart': of('num_train_epochs'),
      }),
    ),
    max_steps: Type.Optional(
      Type.Integer({
        description:
          'Stop after this many optimizer steps, going through the data again if needed. When positive it overrides `num_train_epochs`; -1 means that epochs decide.',
        default: -1,
        minimum: -1,
        'x-counterpart': of('max_steps'),
      }),
    ),
    per_device_train_batch_size: Type.Optional(
      Type.Integer({
        description:
          'Rows in one forward and backward pass. Larger batches are faster per row and need more memory; the batch that the optimizer sees is this times `gradient_accumulation_steps`.',
        default: 8,
        minimum: 1,
        examples: [8, 16, 32],
        'x-counterpart': of('per_device_train_batch_size'),
      }),
    ),
    per_device_eval_batch_size: Type.Optional(
      Type.Integer({
        description:
          'Rows in one forward pass while evaluating. It does not change any result; evaluation keeps no gradients, so it may be larger than the training batch.',
        default: 8,
        minimum: 1,
        examples: [16, 64],
        'x-counterpart': of('per_device_eval_batch_size'),
      }),
    ),
    gradient_accumulation_steps: Type.Optional(
      Type.Integer({
        description:
          'Batches whose gradients are averaged before the optimizer takes one step: a larger effective batch in the same memory. Steps, warm-up and saving all count optimizer steps.',
        default: 1,
        minimum: 1,
        'x-counterpart': of('gradient_accumulation_steps'),
      }),
    ),
    gradient_checkpointing: Type.Optional(
      Type.Boolean({
        description:
          'Keep only what each layer is given, and compute the layer again on the way back: less memory for activations, which tells with many layers, for about a third more computing. The numbers are the same.',
        default: false,
        'x-counterpart': of('gradient_checkpointing'),
      }),
    ),
    fp16: Type.Optional(
      Type.Boolean({
        description:
          'Mixed precision: matrices are multiplied in float16, all else (weights, moments, softmax, norms, losses) stays in float32; losses are scaled so that their gradients fit, and a step whose gradient overflows is skipped, as torch.amp does it. Faster on a GPU that has float16. On the processor numbers are only rounded, which is no faster.',
        default: false,
        'x-counterpart': of('fp16'),
      }),
    ),
    bf16: Type.Optional(
      Type.Boolean({
        description: 'Mixed precision in bfloat16, which no device computes here: take `fp16`.',
        default: false,
        'x-counterpart': of('bf16'),
      }),
    ),
    learning_rate: Type.Optional(
      Type.Number({
        description:
          'Peak learning rate of AdamW, reached after the warm-up. Full fine-tuning usually wants 1e-5 to 1e-4, LoRA 1e-4 to 1e-3, training from scratch 1e-4 to 1e-3.',
        default: 5e-5,
        minimum: 0,
        examples: [2e-5, 5e-5, 5e-4],
        'x-counterpart': of('learning_rate'),
      }),
    ),
    weight_decay: Type.Optional(
      Type.Number({
        description:
          'Decoupled weight decay of AdamW: each step shrinks a weight by `learning_rate × weight_decay` of itself. Biases and norms are left out. 0.01 is usual.',
        default: 0,
        minimum: 0,
        examples: [0, 0.01, 0.1],
        'x-counterpart': of('weight_decay'),
      }),
    ),
    adam_beta1: Type.Optional(
      Type.Number({
        description: 'How much of the running mean of gradients (the first moment) AdamW keeps at each step.',
        default: 0.9,
        minimum: 0,
        exclusiveMaximum: 1,
        'x-counterpart': of('adam_beta1'),
      }),
    ),
    adam_beta2: Type.Optional(
      Type.Number({
        description:
          'How much of the running mean of squared gradients (the second moment) AdamW keeps at each step.',
        default: 0.999,
        minimum: 0,
        exclusiveMaximum: 1,
        'x-counterpart': of('adam_beta2'),
      }),
    ),
    adam_epsilon: Type.Optional(
      Type.Number({
        description: 'Added to the root of the second moment, so that AdamW never divides by zero.',
        default: 1e-8,
        exclusiveMinimum: 0,
        'x-counterpart': of('adam_epsilon'),
      }),
    ),
    max_grad_norm: Type.Optional(
      Type.Number({
        description:
          'Gradients are scaled down so that their norm over all weights is at most this. 0 turns clipping off. The `grad_norm` in the metrics is the one before clipping.',
        default: 1,
        minimum: 0,
        'x-counterpart': of('max_grad_norm'),
      }),
    ),
    lr_scheduler_type: Type.Optional(
      Type.Enum(
        SCHEDULES.map(([name]) => name),
        {
          description:
            'How the learning rate moves from its peak to the end of the run. `lr_scheduler_kwargs` says more.',
          default: 'linear',
          enumDescriptions: SCHEDULES.map(([, does]) => does),
          'x-counterpart': of('lr_scheduler_type'),
        },
      ),
    ),
    lr_scheduler_kwargs: Type.Optional(
      Nullable(ScheduleArgumentsSchema, {
        description:
          'Arguments of the schedule, by the names that transformers gives them; another schedule takes others, and is told when it is given them.',
        default: null,
        examples: [{ min_lr_rate: 0.1 }],
        'x-counterpart': of('lr_scheduler_kwargs'),
      }),
    ),
    warmup_steps: Type.Optional(
      StepsOrFraction({
        description:
          'The learning rate rises from 0 over this many optimizer steps; below 1 it is a fraction of all steps (what `warmup_ratio` was before transformers 5). A warm-up avoids early jumps with a fresh head; a few percent of the run is usual.',
        default: 0,
        examples: [0.06, 0.1, 50],
        'x-counterpart': of('warmup_steps'),
      }),
    ),
    optim: Type.Optional(
      Type.Enum(
        OPTIMIZERS.map(([name]) => name),
        {
          description:
            'The optimizer. The two names of AdamW differ in how PyTorch computes it, not in what it computes.',
          default: 'adamw_torch_fused',
          enumDescriptions: OPTIMIZERS.map(([, , does]) => does),
          'x-counterpart': of('optim'),
        },
      ),
    ),
    logging_steps: Type.Optional(
      StepsOrFraction({
        description:
          'How many optimizer steps lie between two entries of `trainer_state.json`; below 1 a fraction of all steps. The live chart shows every step whatever this says.',
        default: 500,
        'x-counterpart': of('logging_steps'),
      }),
    ),
    save_strategy: Type.Optional(
      Type.Enum(['no', 'steps', 'epoch', 'best'], {
        description: 'When a checkpoint is written. A run can be resumed from a checkpoint only.',
        default: 'steps',
        enumDescriptions: [
          'Never; only the finished model is kept.',
          'Every `save_steps` optimizer steps.',
          'At the end of each epoch.',
          'Whenever `metric_for_best_model` improves.',
        ],
        'x-counterpart': of('save_strategy'),
      }),
    ),
    save_steps: Type.Optional(
      StepsOrFraction({
        description:
          'Optimizer steps between two checkpoints when `save_strategy: steps`; below 1 a fraction of all steps.',
        default: 500,
        'x-counterpart': of('save_steps'),
      }),
    ),
    save_total_limit: Type.Optional(
      Nullable(Type.Integer({ minimum: 1 }), {
        description:
          'Keep at most this many checkpoints and delete the oldest; the best one is kept when `load_best_model_at_end` is true. Unset keeps all.',
        default: null,
        'x-counterpart': of('save_total_limit'),
      }),
    ),
    eval_strategy: Type.Optional(
      Type.Enum(['no', 'steps', 'epoch'], {
        description: 'When the model is evaluated on `data.eval` while it trains.',
        default: 'no',
        enumDescriptions: [
          'Never during training.',
          'Every `eval_steps` optimizer steps.',
          'At the end of each epoch.',
        ],
        'x-counterpart': of('eval_strategy'),
      }),
    ),
    eval_steps: Type.Optional(
      Nullable(StepsOrFraction({ description: '' }), {
        description:
          'Optimizer steps between two evaluations when `eval_strategy: steps`; below 1 a fraction of all steps. Unset takes `logging_steps`.',
        default: null,
        'x-counterpart': of('eval_steps'),
      }),
    ),
    eval_on_start: Type.Optional(
      Type.Boolean({
        description:
          'Evaluate once before the first step, to see what training adds. Never the best model, and no evaluation that `early_stopping_patience` counts.',
        default: false,
        'x-counterpart': of('eval_on_start'),
      }),
    ),
    load_best_model_at_end: Type.Optional(
      Type.Boolean({
        description:
          'Put the checkpoint with the best `metric_for_best_model` into `output/` instead of the last step. Needs `eval_strategy` and `save_strategy` to agree, or `save_strategy: best`.',
        default: false,
        'x-counterpart': of('load_best_model_at_end'),
      }),
    ),
    metric_for_best_model: Type.Optional(
      Nullable(Type.String({ minLength: 1 }), {
        description:
          'The evaluation metric that decides which checkpoint is best, with or without `eval_`: `loss`, `accuracy`, `macro_f1`. Unset takes `loss` when `load_best_model_at_end` is true.',
        default: null,
        examples: ['loss', 'accuracy', 'macro_f1'],
        'x-counterpart': of('metric_for_best_model'),
      }),
    ),
    greater_is_better: Type.Optional(
      Nullable(Type.Boolean(), {
        description:
          'Whether a larger `metric_for_best_model` is better. Unset means yes, unless the name ends in `loss`.',
        default: null,
        'x-counterpart': of('greater_is_better'),
      }),
    ),
    early_stopping_patience: Type.Optional(
      Nullable(Type.Integer({ minimum: 1 }), {
        description:
          'Stop when `metric_for_best_model` has not improved in so many evaluations in a row. Needs evaluations while it trains; with `load_best_model_at_end` the best model is what is kept. Unset trains to the end.',
        default: null,
        examples: [2, 3, 5],
        'x-counterpart': 'transformers.EarlyStoppingCallback(early_stopping_patience)',
      }),
    ),
    early_stopping_threshold: Type.Optional(
      Type.Number({
        description:
          'By how much the metric must be better to count as an improvement for `early_stopping_patience`.',
        default: 0,
        minimum: 0,
        'x-counterpart': 'transformers.EarlyStoppingCallback(early_stopping_threshold)',
      }),
    ),
    log_system_metrics: Type.Optional(
      Type.Boolean({
        description:
          'Note every five seconds what the training process takes of its machine: processor time, memory, and of a graphics card what `nvidia-smi` tells. The metrics panel draws it, and `tunebook show` tells the last of it.',
        default: true,
        'x-counterpart': 'mlflow.enable_system_metrics_logging',
      }),
    ),
    sample_steps: Type.Optional(
      Nullable(Type.Integer({ minimum: 1 }), {
        description:
          'Let a causal model answer a few prompts every so many optimizer steps and at the end, greedily, so that one sees what it has learnt. The answers stand in the log, and in the metrics panel step by step, beside those of other runs. It takes time and changes nothing else. Unset generates nothing.',
        default: null,
        examples: [50, 200],
        'x-counterpart': 'transformers.GenerationMixin.generate',
      }),
    ),
    sample_prompts: Type.Optional(
      Nullable(Type.Array(Type.String({ pattern: '^[\\s\\S]+$' }), { minItems: 1 }), {
        description:
          'What is answered with `sample_steps`: texts to go on from; where the data are conversations, messages of the user. Unset takes the first two rows of the evaluation data, or else of the training data.',
        default: null,
        'x-counterpart': 'transformers.GenerationMixin.generate',
      }),
    ),
    seed: Type.Optional(
      Type.Integer({
        description:
          'Seed of everything random: the new head, LoRA matrices, dropout, and (without `data_seed`) the order of the data. The same seed gives the same run.',
        default: 42,
        minimum: 0,
        maximum: 4294967295,
        'x-counterpart': of('seed'),
      }),
    ),
    data_seed: Type.Optional(
      Nullable(Type.Integer({ minimum: 0, maximum: 4294967295 }), {
        description: 'Seed of the order of the training data alone. Unset takes `seed`.',
        default: null,
        'x-counterpart': of('data_seed'),
      }),
    ),
    train_sampling_strategy: Type.Optional(
      Type.Enum(['random', 'sequential', 'group_by_length'], {
        description: 'In which order the training rows are taken in each epoch.',
        default: 'random',
        enumDescriptions: [
          'A new random order each epoch.',
          'As they stand in the file.',
          'Random, but rows of similar length share a batch, which saves padding.',
        ],
        'x-counterpart': of('train_sampling_strategy'),
      }),
    ),
    label_smoothing_factor: Type.Optional(
      Type.Number({
        description:
          'How much of the target moves from the true label to all labels evenly, which keeps the model from being over-confident. 0 is off; 0.1 is usual.',
        default: 0,
        minimum: 0,
        exclusiveMaximum: 1,
        'x-counterpart': of('label_smoothing_factor'),
      }),
    ),
    dataloader_drop_last: Type.Optional(
      Type.Boolean({
        description: 'Leave out the last batch of an epoch when it is not full.',
        default: false,
        'x-counterpart': of('dataloader_drop_last'),
      }),
    ),
    report_to: Type.Optional(
      Type.Enum(['none', 'tensorboard', 'mlflow', 'wandb', 'all'], {
        description:
          'Write the numbers of every step for another tool too, as files on this machine; nothing is sent anywhere.',
        default: 'none',
        enumDescriptions: [
          'For Tunebook alone.',
          'Events files in `tensorboard/` of the run directory: `tensorboard --logdir .tunebook/runs`.',
          'A file store in `.tunebook/mlruns`: `MLFLOW_ALLOW_FILE_STORE=true mlflow ui --backend-store-uri .tunebook/mlruns`.',
          'An offline run in `wandb/` of the run directory: `wandb sync` uploads it.',
          'For all of them.',
        ],
        'x-counterpart': of('report_to'),
      }),
    ),
  },
  {
    description:
      "How the model is trained. Names, defaults and meaning are those of Hugging Face's `TrainingArguments` (transformers 5.18).",
    additionalProperties: false,
    default: {},
    'x-counterpart': 'transformers.TrainingArguments',
  },
);
