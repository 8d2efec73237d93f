import type { DpoLoss } from '../../../language/schema/dpo.ts';
import type { Graph, Tensor } from '../graph.ts';
import { logSigmoid, relu, sigmoid } from './activation.ts';
import { add, addScalar, div, exp, log, neg, scale, square, sub } from './elementwise.ts';
import { sliceColumns } from './shape.ts';

/** What decides the loss of a pair of answers; names and meaning are those of TRL's DPOConfig. */
export interface DpoOptions {
  readonly beta: number;
  readonly loss_type: DpoLoss;
  /** The share of pairs that is taken to be the wrong way round; `robust` alone looks at it. */
  readonly label_smoothing: number;
}

/** The same of ORPO; names and meaning are those of TRL's ORPOConfig. */
export interface OrpoOptions {
  readonly beta: number;
  readonly loss_type: 'orpo';
}

export type PreferenceOptions = DpoOptions | OrpoOptions;

/**
 * What telling the answers of each pair apart costs in ORPO (Hong et al. 2024, as TRL 1.16's ORPOTrainer computes it), `[pairs, 1]`:
 * `−β ln σ(ln odds(chosen) − ln odds(rejected))` with `odds(p) = p / (1 − p)` of the mean probability of a token.
 * @param means `[pairs, 2] float32`: mean log-probability of the tokens of chosen and rejected answer
 */
export function oddsRatioLoss(g: Graph, means: Tensor, { beta }: OrpoOptions): Tensor {
  const odds = sub(g, means, log(g, addScalar(g, neg(g, exp(g, means)), 1)));
  const logOdds = sub(g, sliceColumns(g, odds, 0, 1), sliceColumns(g, odds, 1, 2));
  return scale(g, neg(g, logSigmoid(g, logOdds)), beta);
}

/**
 * The loss of each pair (Rafailov et al. 2023 and what followed, as TRL 1.16's DPOTrainer computes them), `[pairs, 1]`.
 * @param policy `[pairs, 2] float32`: log-probability of chosen and rejected answer
 * @param reference the same by the model that the run started from
 * @param lengths `[pairs, 2] float32`: tokens of each answer
 */
export function preferenceLoss(
  g: Graph,
  { policy, reference, lengths }: { policy: Tensor; reference: Tensor; lengths: Tensor },
  { beta, loss_type, label_smoothing }: DpoOptions,
): Tensor {
  const ratios = sub(g, policy, reference);
  const perToken = loss_type === 'ipo' || loss_type === 'sigmoid_norm';
  const scores = perToken ? div(g, ratios, lengths) : ratios;
  const [chosen, rejected] = [sliceColumns(g, scores, 0, 1), sliceColumns(g, scores, 1, 2)];
  const rewards = { chosen: scale(g, chosen, beta), rejected: scale(g, rejected, beta) };
  const margin = sub(g, rewards.chosen, rewards.rejected);
  const lost = (x: Tensor) => neg(g, logSigmoid(g, x));
  const oneMinus = (x: Tensor) => addScalar(g, neg(g, x), 1);
  switch (loss_type) {
    case 'sigmoid':
    case 'sigmoid_norm':
      return lost(margin);
    case 'hinge':
      return relu(g, oneMinus(margin));
    case 'ipo':
      return square(g, addScalar(g, sub(g, chosen, rejected), -1 / (2 * beta)));
    case 'robust': {
      const clean = scale(g, lost(margin), (1 - label_smoothing) / (1 - 2 * label_smoothing));
      return sub(g, clean, scale(g, lost(neg(g, margin)), label_smoothing / (1 - 2 * label_smoothing)));
    }
    case 'apo_zero':
      return add(g, oneMinus(sigmoid(g, rewards.chosen)), sigmoid(g, rewards.rejected));
    case 'apo_down':
      return add(g, sigmoid(g, rewards.chosen), oneMinus(sigmoid(g, margin)));
    case 'sppo_hard':
      return add(
        g,
        square(g, addScalar(g, chosen, -0.5 / beta)),
        square(g, addScalar(g, rejected, 0.5 / beta)),
      );
    case 'nca_pair': {
      const against = add(g, lost(neg(g, rewards.chosen)), lost(neg(g, rewards.rejected)));
      return add(g, lost(rewards.chosen), scale(g, against, 0.5));
    }
  }
}
