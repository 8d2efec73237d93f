import { DPO_LOSSES } from '../../../../language/schema/dpo.ts';
import { preferenceLoss } from '../preference.ts';
import type { MakeCase } from './op-case.ts';

/** Every loss of pairs of answers: log-probabilities of some size, and references near them. */
export const preferenceCases: Record<'preferenceLoss', MakeCase[]> = {
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
