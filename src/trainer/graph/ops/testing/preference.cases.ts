import { DPO_LOSSES } from '../../../../language/schema/dpo.ts';
import { neg } from '../elementwise.ts';
import { oddsRatioLoss, preferenceLoss } from '../preference.ts';
import type { MakeCase } from './op-case.ts';

/** Every loss of pairs of answers: log-probabilities of some size, and references near them. */
export const preferenceCases: Record<'preferenceLoss' | 'oddsRatioLoss', MakeCase[]> = {
  oddsRatioLoss: [
    (draw) => ({
      title: 'ORPO',
      inputs: { costs: draw.positive([draw.dim('pairs', 2, 5), 2]) },
      build: (g, { costs }) => oddsRatioLoss(g, neg(g, costs!), { beta: 0.3, loss_type: 'orpo' }),
    }),
  ],
  preferenceLoss: DPO_LOSSES.map((loss_type) => (draw) => {
    const pairs = draw.dim('pairs', 2, 5);
    const given = (input: ReturnType<typeof draw.floats>) => ({ ...input, differentiated: false });
    return {
      title: loss_type,
      inputs: {
        policy: draw.floats([pairs, 2]),
        reference: given(draw.floats([pairs, 2])),
        lengths: given(draw.positive([pairs, 2])),
      },
      build: (g, { policy, reference, lengths }) =>
        preferenceLoss(
          g,
          { policy: policy!, reference: reference!, lengths: lengths! },
          { beta: 0.3, loss_type, label_smoothing: 0.1 },
        ),
    };
  }),
};
