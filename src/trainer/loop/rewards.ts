import { PAIR_OUTPUTS } from '../models/task.ts';
import type { Batch } from './collate.ts';

/**
 * Adds up what TRL's DPOTrainer says of pairs of answers. Means are over the pairs (and of logits over their tokens) of all
 * batches together.
 */
export class RewardTally {
  readonly #beta: number;
  readonly #sums: Record<string, number> = {};
  #pairs = 0;
  readonly #logits = { chosen: 0, rejected: 0 };
  readonly #tokens = { chosen: 0, rejected: 0 };

  constructor(beta: number) {
    this.#beta = beta;
  }

  /** @param logps `[pairs, 2]`: log-probability of chosen and rejected answer by the model that is trained */
  addPairs(logps: ArrayLike<number>, reference: ArrayLike<number>): void {
    for (let i = 0; i < logps.length; i += 2) {
      const [chosen, rejected] = [logps[i]!, logps[i + 1]!];
      const rewards = {
        chosen: this.#beta * (chosen - reference[i]!),
        rejected: this.#beta * (rejected - reference[i + 1]!),
      };
      this.#add('rewards/chosen', rewards.chosen);
      this.#add('rewards/rejected', rewards.rejected);
      this.#add('rewards/accuracies', rewards.chosen > rewards.rejected ? 1 : 0);
      this.#add('rewards/margins', rewards.chosen - rewards.rejected);
      this.#add('logps/chosen', chosen);
      this.#add('logps/rejected', rejected);
      this.#pairs++;
    }
  }

  /** Adds what a training step gave beside its loss. */
  addObserved({ feeds }: Batch, observed: Readonly<Record<string, Float32Array>>): void {
    const [logps, logits] = [observed[PAIR_OUTPUTS.logps], observed[PAIR_OUTPUTS.logits]];
    if (!logps || !logits) return;
    this.addPairs(logps, feeds['reference']!.data);
    logits.forEach((sum, i) => (this.#logits[sideOf(i)] += sum));
    feeds['answers']!.data.forEach((answer) => this.#tokens[sideOf(answer)]++);
  }

  /** Names are TRL's; `logits/…` are there where steps were added. */
  metrics(): Record<string, number> {
    const means = Object.entries(this.#sums).map(([name, sum]) => [name, sum / this.#pairs] as const);
    const { chosen, rejected } = this.#tokens;
    return {
      ...Object.fromEntries(means),
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

function sideOf(answer: number): 'chosen' | 'rejected' {
  return answer % 2 === 0 ? 'chosen' : 'rejected';
}
