import Type from 'typebox';

const of = (name: string) => `trl.experimental.orpo.ORPOConfig.${name}`;

/** `method: orpo:`: names, defaults and meaning of TRL's `ORPOConfig`, as far as the trainer runs them. */
export const OrpoSchema = Type.Object(
  {
    beta: Type.Optional(
      Type.Number({
        description:
          'How much telling the answers apart counts beside learning the better one: the paper’s λ.',
        default: 0.1,
        exclusiveMinimum: 0,
        examples: [0.1, 0.5],
        'x-counterpart': of('beta'),
      }),
    ),
    disable_dropout: Type.Optional(
      Type.Boolean({
        description: 'Train without dropout, that of LoRA included.',
        default: true,
        'x-counterpart': of('disable_dropout'),
      }),
    ),
  },
  {
    description:
      'Odds ratio preference optimisation: learn the better of two answers as supervised fine-tuning does, and at the same time make it likelier than the worse one (`format: preference`). There is no reference model, so it is one run in place of two. Stands beside `lora` or `full`. Learning rates of the paper are 5e-6 to 8e-6 for `full`.',
    additionalProperties: false,
    'x-counterpart': 'trl.experimental.orpo.ORPOConfig',
  },
);
