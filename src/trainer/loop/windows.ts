import type { TrainingArguments } from '../../language/resolved.ts';
import { epochOrder } from '../data/sampler.ts';
import type { Batch } from './collate.ts';
import { dataLengths, makeBatch, type TrainingData } from './objective.ts';
import type { StepPlan } from './plan-steps.ts';

/**
 * The batches of each optimizer step: a pure function of the step, so that a resumed run takes the same rows in the
 * same order. The order of the newest epoch is kept.
 */
export class AccumulationWindows {
  readonly #data: TrainingData;
  readonly #train: TrainingArguments;
  readonly #plan: StepPlan;
  readonly #lengths: Int32Array;
  #order: { epoch: number; rows: Int32Array } | undefined;

  constructor(data: TrainingData, train: TrainingArguments, plan: StepPlan) {
    this.#data = data;
    this.#train = train;
    this.#plan = plan;
    this.#lengths = dataLengths(data);
  }

  /** The batches of the step that follows `step` finished ones; the last window of an epoch may be short. */
  after(step: number): Batch[] {
    const { per_device_train_batch_size: size } = this.#train;
    const { batchesPerEpoch, batchesPerStep, stepsPerEpoch } = this.#plan;
    const epoch = Math.floor(step / stepsPerEpoch);
    const order = this.#orderOf(epoch);
    const first = (step % stepsPerEpoch) * batchesPerStep;
    const count = Math.min(batchesPerStep, batchesPerEpoch - first);
    return Array.from({ length: count }, (_, i) => {
      const rows = order.subarray((first + i) * size, (first + i + 1) * size);
      return makeBatch(this.#data, rows, epoch * batchesPerEpoch + first + i);
    });
  }

  #orderOf(epoch: number): Int32Array {
    if (this.#order?.epoch === epoch) return this.#order.rows;
    const rows = epochOrder(this.#lengths.length, {
      seed: this.#train.data_seed,
      epoch,
      strategy: this.#train.train_sampling_strategy,
      lengths: this.#lengths,
      batchSize: this.#train.per_device_train_batch_size * this.#train.gradient_accumulation_steps,
    });
    this.#order = { epoch, rows };
    return rows;
  }
}
