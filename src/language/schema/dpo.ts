import Type from 'typebox';

const of = (name: string) => `trl.DPOConfig.${name}`;

/** What may be minimised over pairs of answers, by TRL's names. */
export const DPO_LOSSES = [
  'sigmoid',
  'hinge',
  'ipo',
  'robust',
  'sigmoid_norm',
  'apo_zero',
  'apo_down',
  'sppo_hard',
  'nca_pair',
] as const;

export type DpoLoss = (typeof DPO_LOSSES)[number];

/** `method: dpo:`: names, defaults and meaning of TRL's `DPOConfig`, as far as the trainer runs them. */
export const DpoSchema = Type.Object(
  {
    beta: Type.Optional(
      Type.Number({
        description:
          'How closely the model is held to its reference, the model it starts from: larger stays closer. With `loss_type: ipo` it is the paper’s τ.',
        default: 0.1,
        exclusiveMinimum: 0,
        examples: [0.05, 0.1, 0.5],
        'x-counterpart': of('beta'),
      }),
    ),
    loss_type: Type.Optional(
      Type.Enum([...DPO_LOSSES], {
        description: 'What is minimised over pairs of answers.',
        default: 'sigmoid',
        enumDescriptions: [
          'The loss of the DPO paper: −log σ(β · margin).',
          'A hinge on the margin (SLiC): max(0, 1 − β · margin).',
          'The squared distance of the margin per token from 1 / 2β, which does not overfit pairs that are certain (IPO).',
          'The DPO loss where a share `label_smoothing` of the pairs is taken to be the wrong way round (Robust DPO).',
          'The DPO loss on log-probabilities per token, so that long answers do not weigh more.',
          'Raises what is chosen and lowers what is rejected: where the chosen answers are better than the model’s own (APO-zero).',
          'Lowers both, and the rejected answer more: where the model’s own answers are better than the chosen ones (APO-down).',
          'Squared distances of both rewards from ±1 / 2β (SPPO).',
          'Noise contrastive alignment of a pair (NCA), which keeps the chosen answer from becoming less likely.',
        ],
        'x-counterpart': of('loss_type'),
      }),
    ),
    label_smoothing: Type.Optional(
      Type.Number({
        description:
          'The share of pairs that is taken to be labelled the wrong way round (`loss_type: robust` only). 0.1 is usual.',
        default: 0,
        minimum: 0,
        exclusiveMaximum: 0.5,
        examples: [0.1],
        'x-counterpart': of('label_smoothing'),
      }),
    ),
    precompute_ref_log_probs: Type.Optional(
      Type.Boolean({
        description:
          'Compute what the reference makes of every pair once, before the first step, instead of in each step. Worth it from the second epoch on.',
        default: false,
        'x-counterpart': of('precompute_ref_log_probs'),
      }),
    ),
    disable_dropout: Type.Optional(
      Type.Boolean({
        description:
          'Train without dropout, that of LoRA included, so that model and reference differ in their weights alone.',
        default: true,
        'x-counterpart': of('disable_dropout'),
      }),
    ),
  },
  {
    description:
      'Direct preference optimisation: learn from pairs of a better and a worse answer to the same prompt (`format: preference`). The reference is the model that the run starts from: with LoRA the base without its adapter. Stands beside `lora` or `full`. Learning rates are far lower than elsewhere: about 1e-6 for `full`, 1e-5 for LoRA.',
    additionalProperties: false,
    'x-counterpart': 'trl.DPOConfig',
  },
);
