import type { ResolvedRun } from '../../language/resolved.ts';
import type { DeviceInfo } from '../../protocol/run.ts';
import { createScorer, type Scorer } from '../runtime/predictor.ts';
import type { Batch } from './collate.ts';
import { collatePairs, type PairBatch, type PairData } from './collate-pairs.ts';
import { rowsOf, type TrainingData } from './objective.ts';
import type { PreparedRun } from './prepare.ts';

/** How the reference is asked about all pairs at once. */
export interface PrecomputeOptions {
  readonly batchSize: number;
  readonly isStopped: () => boolean;
  readonly onProgress: (done: number, total: number) => void;
  /** Called between batches; gives the process time to see signals. */
  readonly breathe: () => Promise<void>;
}

/**
 * The model that a run on pairs of answers starts from, which is what the trained one is compared with: with a new adapter the
 * base without it; with an adapter that the run goes on with, or without any, the weights of the start, which the run holds anyway.
 */
export class ReferenceModel {
  readonly #scorer: Scorer;
  /** Log-probabilities of each pair's answers, `[pairs, 2]`, where they are computed once. */
  readonly #known = new Map<TrainingData, Float32Array>();

  private constructor(scorer: Scorer) {
    this.#scorer = scorer;
  }

  /** @throws TunebookError `device/failed` when the device cannot take the model */
  static async create(
    run: ResolvedRun,
    { spec, values, reference: options }: Pick<PreparedRun, 'spec' | 'values' | 'reference'>,
    device: DeviceInfo,
  ): Promise<ReferenceModel | undefined> {
    if (run.method.dpo === undefined) return undefined;
    const { config, task, preference, float16 = false } = spec;
    return new ReferenceModel(
      await createScorer({ config, task, preference, options, float16 }, values, device),
    );
  }

  /** A batch with what the reference makes of it, as the loss wants it. */
  async complete(data: TrainingData, batch: Batch): Promise<Batch> {
    if (!isPairs(batch)) return batch;
    const known = this.#known.get(data);
    const reference = known
      ? Float32Array.from(
          { length: 2 * batch.rows.length },
          (_, i) => known[2 * batch.rows[i >> 1]! + (i & 1)]!,
        )
      : await this.#score(batch);
    return {
      ...batch,
      feeds: { ...batch.feeds, reference: { data: reference, dims: [batch.rows.length, 2] } },
    };
  }

  /** Asks about every pair of a split, once. Gives up when it is stopped: what is not known is then asked for again. */
  async precompute(
    data: PairData,
    { batchSize, isStopped, onProgress, breathe }: PrecomputeOptions,
  ): Promise<void> {
    const pairs = rowsOf(data);
    const all = new Float32Array(2 * pairs);
    for (let first = 0; first < pairs; first += batchSize) {
      if (isStopped()) return;
      const count = Math.min(batchSize, pairs - first);
      const rows = Int32Array.from({ length: count }, (_, i) => first + i);
      all.set(await this.#score(collatePairs(data, rows)), 2 * first);
      onProgress(first + count, pairs);
      await breathe();
    }
    this.#known.set(data, all);
  }

  async dispose(): Promise<void> {
    await this.#scorer.dispose();
  }

  async #score({ feeds, rows }: PairBatch): Promise<Float32Array> {
    // What the model is compared with does not matter to its own log-probabilities.
    const reference = { data: new Float32Array(2 * rows.length), dims: [rows.length, 2] };
    const { pairs } = await this.#scorer.score({ ...feeds, reference });
    if (!pairs) throw new Error('the reference says nothing of pairs');
    return pairs.logps;
  }
}

/** Batches with what the reference makes of them; as they are where there is none. */
export async function completeAll(
  reference: ReferenceModel | undefined,
  data: TrainingData,
  batches: readonly Batch[],
): Promise<readonly Batch[]> {
  if (!reference) return batches;
  const completed: Batch[] = [];
  for (const batch of batches) completed.push(await reference.complete(data, batch));
  return completed;
}

function isPairs(batch: Batch): batch is PairBatch {
  return 'rows' in batch;
}
