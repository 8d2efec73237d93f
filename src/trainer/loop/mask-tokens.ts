import type { Feeds } from '../runtime/feeds.ts';
import { Random } from '../random.ts';
import { collate, type Batch } from './collate.ts';
import type { Sequences } from './sequences.ts';

export interface MaskOptions {
  /** Share of the tokens that become targets. */
  readonly probability: number;
  readonly maskId: number;
  readonly vocabSize: number;
  /** Ids that are never masked: [CLS], [SEP], [PAD]. */
  readonly specialIds: ReadonlySet<number>;
  readonly seed: number;
  /** Which batch this is; another number gives other masks. */
  readonly stream: number;
}

/**
 * A batch for masked-language training (Devlin et al. 2019; transformers' DataCollatorForLanguageModeling): of the
 * chosen tokens 80 % become [MASK], 10 % a random token, 10 % stay. A batch always has a target.
 */
export function collateMasked(sequences: Sequences, rows: ArrayLike<number>, options: MaskOptions): Batch {
  const feeds: Feeds = collate(sequences, rows);
  const ids = feeds.input_ids!.data;
  const random = new Random(options.seed, options.stream);
  const targets: number[] = [];
  const candidates: number[] = [];
  for (let i = 0; i < ids.length; i++) {
    if (options.specialIds.has(ids[i]!)) continue;
    candidates.push(i);
    if (random.uniform() < options.probability) targets.push(i);
  }
  if (targets.length === 0) targets.push(candidates[random.below(Math.max(1, candidates.length))] ?? 0);
  const labels = Int32Array.from(targets, (i) => ids[i]!);
  for (const i of targets) {
    const draw = random.uniform();
    if (draw < 0.8) ids[i] = options.maskId;
    else if (draw < 0.9) ids[i] = random.below(options.vocabSize);
  }
  return {
    feeds: {
      ...feeds,
      target_index: { data: Int32Array.from(targets), dims: [targets.length] },
      labels: { data: labels, dims: [targets.length] },
    },
    tokens: ids.length,
    targets: targets.length,
  };
}
