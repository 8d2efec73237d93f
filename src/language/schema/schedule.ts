import Type from 'typebox';

const of = (name: string) => `transformers.get_scheduler(scheduler_specific_kwargs.${name})`;

/** The schedules of transformers' `get_scheduler` that look at nothing but the step, each with what it does. */
export const SCHEDULES = [
  ['linear', 'Warm-up, then a straight line down to 0 at the last step.'],
  ['cosine', 'Warm-up, then half a cosine wave down to 0 at the last step.'],
  [
    'cosine_with_restarts',
    'Warm-up, then down to 0 along half a cosine wave, `num_cycles` times from the peak.',
  ],
  ['cosine_with_min_lr', 'Warm-up, then half a cosine wave down to `min_lr` or `min_lr_rate`.'],
  ['cosine_warmup_with_min_lr', 'The same, with a warm-up that begins above 0.'],
  ['polynomial', 'Warm-up, then a straight line (`power: 1`) down to 1e-7 (`lr_end`) at the last step.'],
  [
    'inverse_sqrt',
    'Warm-up, then down with one over the root of the step; without a warm-up as if it had taken 10,000 steps.',
  ],
  [
    'warmup_stable_decay',
    'Warm-up, the same rate for most of the run, and down in the last `num_decay_steps`.',
  ],
  ['constant', 'The same rate at every step; `warmup_steps` is ignored.'],
  ['constant_with_warmup', 'Warm-up, then the same rate to the end.'],
] as const;

export type ScheduleType = (typeof SCHEDULES)[number][0];
export type ScheduleArguments = Type.Static<typeof ScheduleArgumentsSchema>;
export type ScheduleArgument = keyof ScheduleArguments;

const NONE: readonly ScheduleArgument[] = [];

/** Which of `lr_scheduler_kwargs` each schedule takes, as the functions behind transformers' `get_scheduler` do. */
export const SCHEDULE_ARGUMENTS: Readonly<Record<ScheduleType, readonly ScheduleArgument[]>> = {
  linear: NONE,
  cosine: ['num_cycles'],
  cosine_with_restarts: ['num_cycles'],
  cosine_with_min_lr: ['min_lr', 'min_lr_rate', 'num_cycles'],
  cosine_warmup_with_min_lr: ['min_lr', 'min_lr_rate', 'warmup_lr_rate', 'num_cycles'],
  polynomial: ['lr_end', 'power'],
  inverse_sqrt: ['timescale'],
  warmup_stable_decay: [
    'num_decay_steps',
    'num_stable_steps',
    'warmup_type',
    'decay_type',
    'min_lr_ratio',
    'num_cycles',
  ],
  constant: NONE,
  constant_with_warmup: NONE,
};

const SHAPES = ['linear', 'cosine', '1-sqrt'] as const;

/** `train: lr_scheduler_kwargs:`. */
export const ScheduleArgumentsSchema = Type.Object(
  {
    num_cycles: Type.Optional(
      Type.Number({
        description:
          'Of the cosine schedules how many waves there are: 0.5 goes down once, which is the default; of `cosine_with_restarts` how many times it begins anew, 1 by default, and a whole number.',
        exclusiveMinimum: 0,
        examples: [0.5, 2],
        'x-counterpart': of('num_cycles'),
      }),
    ),
    min_lr: Type.Optional(
      Type.Number({
        description: 'Where the cosine ends, as a learning rate. Give this or `min_lr_rate`.',
        minimum: 0,
        examples: [1e-6],
        'x-counterpart': of('min_lr'),
      }),
    ),
    min_lr_rate: Type.Optional(
      Type.Number({
        description: 'Where the cosine ends, as a share of `learning_rate`.',
        minimum: 0,
        maximum: 1,
        examples: [0.1],
        'x-counterpart': of('min_lr_rate'),
      }),
    ),
    warmup_lr_rate: Type.Optional(
      Type.Number({
        description:
          'Where the warm-up of `cosine_warmup_with_min_lr` begins, as a share of `learning_rate`; one over the steps of the warm-up when unset.',
        minimum: 0,
        maximum: 1,
        'x-counterpart': of('warmup_lr_rate'),
      }),
    ),
    lr_end: Type.Optional(
      Type.Number({
        description: 'Where `polynomial` ends, as a learning rate: 1e-7 when unset.',
        minimum: 0,
        'x-counterpart': of('lr_end'),
      }),
    ),
    power: Type.Optional(
      Type.Number({
        description: 'The power of `polynomial`: 1 when unset, a straight line.',
        exclusiveMinimum: 0,
        examples: [1, 2],
        'x-counterpart': of('power'),
      }),
    ),
    timescale: Type.Optional(
      Type.Integer({
        description:
          'The steps after which `inverse_sqrt` has its peak, if it is not the warm-up: those of the warm-up when unset, 10,000 without one.',
        minimum: 1,
        'x-counterpart': of('timescale'),
      }),
    ),
    num_decay_steps: Type.Optional(
      Type.Integer({
        description:
          'Optimizer steps at the end in which `warmup_stable_decay` goes down. It has to be given.',
        minimum: 0,
        examples: [100],
        'x-counterpart': of('num_decay_steps'),
      }),
    ),
    num_stable_steps: Type.Optional(
      Type.Integer({
        description:
          'Optimizer steps at the peak between warm-up and decay; what is left of the run when unset. With fewer, the rest of the run stays at the lowest rate.',
        minimum: 0,
        'x-counterpart': of('num_stable_steps'),
      }),
    ),
    warmup_type: Type.Optional(
      Type.Enum([...SHAPES], {
        description: 'How `warmup_stable_decay` rises: `linear` when unset.',
        'x-counterpart': of('warmup_type'),
      }),
    ),
    decay_type: Type.Optional(
      Type.Enum([...SHAPES], {
        description: 'How `warmup_stable_decay` goes down: `cosine` when unset.',
        'x-counterpart': of('decay_type'),
      }),
    ),
    min_lr_ratio: Type.Optional(
      Type.Number({
        description:
          'The lowest rate of `warmup_stable_decay`, at both ends, as a share of `learning_rate`: 0 when unset.',
        minimum: 0,
        maximum: 1,
        'x-counterpart': of('min_lr_ratio'),
      }),
    ),
  },
  {
    description:
      'Arguments of the schedule, by the names that transformers gives them. Which one takes which is told when another is given.',
    additionalProperties: false,
    'x-counterpart': 'transformers.TrainingArguments.lr_scheduler_kwargs',
  },
);
