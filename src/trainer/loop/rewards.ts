import type { ResolvedRun } from '../../language/resolved.ts';
import type { PreferenceMethod } from '../../language/schema/formats.ts';
import { PAIR_OUTPUTS } from '../models/task.ts';
import type { Batch } from './collate.ts';

/** How a run learns from pairs of answers, as far as its metrics ask. */
export interface RewardOptions {
  readonly beta: number;
  readonly method: PreferenceMethod;
}

/** How a run learns from pairs of answers; undefined where it does not. */
export function preferenceOf({ method }: ResolvedRun): RewardOptions | undefined {
  if (method.dpo) return { beta: method.dpo.beta, method: 'dpo' };
  return method.orpo && { beta: method.orpo.beta, method: 'orpo' };
}

/**
 * Adds up what TRL's DPOTrainer or ORPOTrainer says of pairs of answers. Means are over the pairs (and of logits over their tokens) of all
 * batches together.
 */
export class RewardTally {
  readonly #options: RewardOptions;
  readonly #sums: Record<string, number> = {};
  #pairs = 0;
  readonly #logits = { chosen: 0, rejected: 0 };
  readonly #tokens = { chosen: 0, rejected: 0 };

  constructor(options: RewardOptions) {
    this.#options = options;
  }

  /**
   * @param logps `[pairs, 2]`: log-probability of chosen and rejected answer by the model that is trained
   * @param reference the same by the model that it is compared with; ORPO has none
   */
  addPairs(logps: ArrayLike<number>, reference?: ArrayLike<number>): void {
    const { beta, method } = this.#options;
    for (let i = 0; i < logps.length; i += 2) {
      const [chosen, rejected] = [logps[i]!, logps[i + 1]!];
      const rewards = {
        chosen: beta * (chosen - (reference?.[i] ?? 0)),
        rejected: beta * (rejected - (reference?.[i + 1] ?? 0)),
      };
      this.#add('rewards/chosen', rewards.chosen);
      this.#add('rewards/rejected', rewards.rejected);
      this.#add('rewards/accuracies', rewards.chosen > rewards.rejected ? 1 : 0);
      this.#add('rewards/margins', rewards.chosen - rewards.rejected);
      this.#add('logps/chosen', chosen);
      this.#add('logps/rejected', rejected);
      if (method === 'orpo') {
        const logOdds = chosen - rejected - (log1mexp(chosen) - log1mexp(rejected));
        this.#add('log_odds_chosen', logOdds);
        this.#add('log_odds_ratio', Math.min(logOdds, 0) - Math.log1p(Math.exp(-Math.abs(logOdds))));
      }
      this.#pairs++;
    }
  }

  /** Adds what a training step gave beside its loss. */
  addObserved({ feeds }: Batch, observed: Readonly<Record<string, Float32Array>>): void {
    const [logps, logits] = [observed[PAIR_OUTPUTS.logps], observed[PAIR_OUTPUTS.logits]];
    if (!logps || !logits) return;
    this.addPairs(logps, feeds['reference']?.data);
    logits.forEach((sum, i) => (this.#logits[sideOf(i)] += sum));
    feeds['answers']!.data.forEach((answer) => this.#tokens[sideOf(answer)]++);
  }

  /**
   * Names are TRL's; `logits/…` are there where steps were added.
   * @param loss of the same step: of ORPO's what is left without the odds ratio is `nll_loss`
   */
  metrics(loss?: number): Record<string, number> {
    const means = Object.entries(this.#sums).map(([name, sum]) => [name, sum / this.#pairs] as const);
    const { chosen, rejected } = this.#tokens;
    const { beta, method } = this.#options;
    return {
      ...Object.fromEntries(means),
      ...(method === 'orpo' && loss !== undefined
        ? { nll_loss: loss + (beta * (this.#sums['log_odds_ratio'] ?? 0)) / this.#pairs }
        : {}),
      ...(chosen + rejected === 0
        ? {}
        : {
            'logits/chosen': this.#logits.chosen / chosen,
            'logits/rejected': this.#logits.rejected / rejected,
          }),
    };
  }

  #add(name: string, value: number): void {
    this.#sums[name] = (this.#sums[name] ?? 0) + value;
  }
}

/** `ln(1 − e^x)` for x below 0, which loses no digits at either end. */
function log1mexp(x: number): number {
  return x < -Math.LN2 ? Math.log1p(-Math.exp(x)) : Math.log(-Math.expm1(x));
}

function sideOf(answer: number): 'chosen' | 'rejected' {
  return answer % 2 === 0 ? 'chosen' : 'rejected';
}
