import Type from 'typebox';

const of = (name: string) => `peft.LoraConfig.${name}`;

/** What makes a text a regular expression: without any of these it would be one name, which belongs into a list. */
export const MODULE_PATTERN = '[.*+?|^$\\\\()\\[\\]{}]';

/** `method: lora:`: names, defaults and meaning of PEFT's `LoraConfig`, as far as the trainer runs them. */
export const LoraSchema = Type.Object(
  {
    r: Type.Optional(
      Type.Integer({
        description:
          'Rank of the two matrices that are added to each target. Larger ranks can learn more and cost more; 8 to 32 is usual.',
        default: 8,
        minimum: 1,
        examples: [8, 16, 32],
        'x-counterpart': of('r'),
      }),
    ),
    lora_alpha: Type.Optional(
      Type.Number({
        description:
          'Scale of the added matrices: their product is multiplied by `lora_alpha / r`. Twice the rank is usual.',
        default: 8,
        exclusiveMinimum: 0,
        examples: [16, 32, 64],
        'x-counterpart': of('lora_alpha'),
      }),
    ),
    lora_dropout: Type.Optional(
      Type.Number({
        description: 'Share of the inputs of the added matrices that is dropped at random while training.',
        default: 0,
        minimum: 0,
        exclusiveMaximum: 1,
        'x-counterpart': of('lora_dropout'),
      }),
    ),
    target_modules: Type.Optional(
      Type.Union(
        [
          Type.Array(Type.String({ minLength: 1 }), { minItems: 1, uniqueItems: true }),
          Type.Literal('all-linear'),
          Type.String({ pattern: MODULE_PATTERN }),
        ],
        {
          description:
            'Which linear layers get the added matrices: the last parts of their names, `all-linear` for every one outside the head, or a regular expression that whole names have to match. Unset takes what PEFT takes for the model’s family: query and value of attention; all-linear learns more.',
          examples: ['all-linear', ['query', 'value'], ['q_proj', 'v_proj'], '.*layers\\.[0-3]\\..*_proj'],
          'x-counterpart': of('target_modules'),
        },
      ),
    ),
    modules_to_save: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description:
          'Modules that are trained whole and saved with the adapter, beside the added matrices. A classification head is among them without being named.',
        uniqueItems: true,
        'x-counterpart': of('modules_to_save'),
      }),
    ),
    bias: Type.Optional(
      Type.Enum(['none', 'all', 'lora_only'], {
        description:
          'Which biases of the base model are trained and saved with the adapter. The base without the adapter is then no longer what it was while training, as with PEFT.',
        default: 'none',
        enumDescriptions: [
          'No bias is trained.',
          'Every bias of the model, those of norms too.',
          'The biases of the layers that get added matrices.',
        ],
        'x-counterpart': of('bias'),
      }),
    ),
    use_rslora: Type.Optional(
      Type.Boolean({
        description:
          'Scale by `lora_alpha / √r` instead of `lora_alpha / r`, which keeps large ranks stable.',
        default: false,
        'x-counterpart': of('use_rslora'),
      }),
    ),
    use_dora: Type.Optional(
      Type.Boolean({
        description:
          'Weight-decomposed adaptation (DoRA): the length of each row of a weight is learnt beside its direction. Learns more at small ranks, and takes more time a step.',
        default: false,
        'x-counterpart': of('use_dora'),
      }),
    ),
    rank_pattern: Type.Optional(
      Type.Record(Type.String(), Type.Integer({ description: 'A rank.', minimum: 1 }), {
        description:
          'Other ranks for some targets, by the end of their names (regular expressions, as PEFT reads them): `{ q_proj: 16, "layers.0.*": 4 }`.',
        default: {},
        'x-counterpart': of('rank_pattern'),
      }),
    ),
    alpha_pattern: Type.Optional(
      Type.Record(Type.String(), Type.Number({ description: 'A scale.', exclusiveMinimum: 0 }), {
        description: 'Another `lora_alpha` for some targets, by the end of their names, like `rank_pattern`.',
        default: {},
        'x-counterpart': of('alpha_pattern'),
      }),
    ),
    exclude_modules: Type.Optional(
      Type.Union(
        [
          Type.Array(Type.String({ minLength: 1 }), { uniqueItems: true }),
          Type.String({ pattern: MODULE_PATTERN }),
        ],
        {
          description:
            'Layers that get no added matrices although `target_modules` names them: the last parts of their names, or a regular expression that whole names have to match.',
          'x-counterpart': of('exclude_modules'),
        },
      ),
    ),
    layers_to_transform: Type.Optional(
      Type.Array(Type.Integer({ minimum: 0 }), {
        description: 'The numbers of the layers that get added matrices, from 0. Unset takes all of them.',
        uniqueItems: true,
        minItems: 1,
        'x-counterpart': of('layers_to_transform'),
      }),
    ),
    init_lora_weights: Type.Optional(
      Type.Union([Type.Boolean(), Type.Literal('gaussian')], {
        description:
          'Start with A random (Kaiming uniform) and B zero, so that training starts from the base model. `gaussian` draws A from a normal distribution with the standard deviation `1 / r` instead. `false` makes B random too, which is of use in tests only.',
        default: true,
        'x-counterpart': of('init_lora_weights'),
      }),
    ),
  },
  {
    description:
      'Low-rank adaptation: the base model stays frozen, and small matrices beside its linear layers are trained. The result is a PEFT adapter of a few megabytes.',
    additionalProperties: false,
    'x-counterpart': 'peft.LoraConfig',
  },
);
