import Type from 'typebox';
import { Extends, Vars } from './extends.ts';
import { NAME_PATTERN } from './field.ts';

/** The way to a field of a run: names with dots between them. */
export const FIELD_PATH_PATTERN = '^[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)+$';

const ValuesSchema = Type.Array(
  Type.Union([Type.Number(), Type.String(), Type.Boolean(), Type.Array(Type.String())]),
  { description: 'The values that are tried.', minItems: 1, uniqueItems: true },
);

const RangeSchema = Type.Object(
  {
    min: Type.Number({ description: 'The smallest value.', 'x-counterpart': 'ray.tune.uniform(lower)' }),
    max: Type.Number({ description: 'The largest value.', 'x-counterpart': 'ray.tune.uniform(upper)' }),
    scale: Type.Optional(
      Type.Enum(['linear', 'log'], {
        description: 'How values are spread between `min` and `max`.',
        default: 'linear',
        enumDescriptions: [
          'Evenly.',
          'Evenly by their logarithm, as it suits learning rates: as many between 1e-5 and 1e-4 as between 1e-4 and 1e-3.',
        ],
        'x-counterpart': 'ray.tune.loguniform',
      }),
    ),
    steps: Type.Optional(
      Type.Integer({
        description:
          'How many values, `min` and `max` included. `method: grid` needs it; unset draws any value in between.',
        minimum: 2,
        maximum: 1000,
        'x-counterpart': 'numpy.linspace(num)',
      }),
    ),
  },
  { description: 'A range that values are taken from.', additionalProperties: false },
);

/** A `sweep:` document: a run repeated over values of its fields. */
export const SweepSchema = Type.Object(
  {
    sweep: Type.String({ description: 'The name of the sweep.', pattern: NAME_PATTERN }),
    extends: Extends('A sweep'),
    run: Type.String({
      description:
        'The `run:` document that is repeated: `NAME` of this file or folder, or `FILE#NAME`. It stays as it is but for the fields in `over`.',
      minLength: 1,
      'x-reference': 'run-document',
      'x-counterpart': 'ray.tune.Tuner(trainable)',
    }),
    over: Type.Record(
      Type.String({ pattern: FIELD_PATH_PATTERN }),
      Type.Union([ValuesSchema, RangeSchema], {
        description: 'A list of values, or a range `{ min, max }`.',
        'x-usual-name': 'train.learning_rate',
      }),
      {
        description:
          'What is varied: fields of the run, such as `train.learning_rate`, each with a list of values or a range `{ min, max, scale, steps }`.',
        minProperties: 1,
        'x-counterpart': 'ray.tune.Tuner(param_space)',
      },
    ),
    method: Type.Optional(
      Type.Enum(['grid', 'random', 'halving'], {
        description: 'Which combinations are tried.',
        default: 'grid',
        enumDescriptions: [
          'Every combination of all values.',
          '`samples` combinations, drawn by `seed`.',
          'Successive halving: `samples` combinations train for `min_steps`; the best `1/eta` of them go on for `eta` times as many steps, and so on until the run’s own length.',
        ],
        'x-counterpart': 'ray.tune.search',
      }),
    ),
    samples: Type.Optional(
      Type.Integer({
        description:
          'How many combinations `method: random` and `halving` draw. None is drawn twice, so a small grid may give fewer.',
        default: 10,
        minimum: 1,
        maximum: 10000,
        'x-counterpart': 'transformers.Trainer.hyperparameter_search(n_trials)',
      }),
    ),
    seed: Type.Optional(
      Type.Integer({
        description: 'Seed of the draw. The runs keep their own `train.seed`.',
        default: 42,
        minimum: 0,
        maximum: 4294967295,
      }),
    ),
    metric: Type.Optional(
      Type.String({
        description:
          'The evaluation metric that says which run is best, with or without `eval_`. Unset takes the run’s `metric_for_best_model`, or else `loss`.',
        minLength: 1,
        examples: ['loss', 'accuracy', 'macro_f1'],
        'x-counterpart': 'ray.tune.TuneConfig(metric)',
      }),
    ),
    mode: Type.Optional(
      Type.Enum(['max', 'min'], {
        description:
          'Whether a larger or a smaller `metric` is better. Unset means `min` for `loss` and `perplexity`, and `max` for all others.',
        enumDescriptions: ['Larger is better.', 'Smaller is better.'],
        'x-counterpart': 'ray.tune.TuneConfig(mode)',
      }),
    ),
    eta: Type.Optional(
      Type.Integer({
        description:
          'Of how many runs one goes on to the next round of `method: halving`, and how many times longer it trains there.',
        default: 3,
        minimum: 2,
        maximum: 100,
        'x-counterpart': 'sklearn.model_selection.HalvingRandomSearchCV(factor)',
      }),
    ),
    min_steps: Type.Optional(
      Type.Integer({
        description:
          'Optimizer steps of the first round of `method: halving`. Unset takes what lets the last round end at the run’s own length.',
        minimum: 1,
        'x-counterpart': 'sklearn.model_selection.HalvingRandomSearchCV(min_resources)',
      }),
    ),
    vars: Vars(),
  },
  {
    description: 'One run repeated over lists or ranges of its fields, to find the best.',
    additionalProperties: false,
  },
);
