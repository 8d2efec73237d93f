import { classificationMetrics } from '../evaluate/metrics.ts';
import type { TrainingEngine } from '../runtime/engine.ts';
import { makeBatch, type TrainingData } from './objective.ts';
import { rowCount, rowLengths } from './sequences.ts';

export interface SplitMetrics {
  readonly [name: string]: number;
}

export interface EvaluateSplitOptions {
  readonly batchSize: number;
  readonly labels: readonly string[];
  /** The run's `label_smoothing_factor`: Trainer's evaluation loss is smoothed as the training loss is. */
  readonly labelSmoothing?: number;
  /** Asked between batches; once it is true the evaluation ends without a result. */
  readonly isStopped?: () => boolean;
  readonly onProgress: (done: number, total: number) => void;
  /** Called between batches; gives the process time to see signals. */
  readonly breathe: () => Promise<void>;
}

/**
 * Loss and metrics of a whole split, under transformers' names: `eval_loss`, and for classifiers `eval_accuracy` and
 * `eval_macro_f1`. Rows are taken by length, so batches need little padding; the metrics do not depend on it.
 * Masked-language data is masked the same way at every evaluation. Gives undefined when it was stopped.
 */
export async function evaluateSplit(
  engine: TrainingEngine,
  data: TrainingData,
  options: EvaluateSplitOptions,
): Promise<SplitMetrics | undefined> {
  const { batchSize, labels, labelSmoothing = 0, onProgress, breathe } = options;
  const rows = rowCount(data.sequences);
  const lengths = rowLengths(data.sequences);
  const order = Int32Array.from({ length: rows }, (_, i) => i).sort(
    (a, b) => lengths[a]! - lengths[b]! || a - b,
  );
  const predictions = new Int32Array(rows);
  const references = new Int32Array(rows);
  let loss = 0;
  let targets = 0;
  let seen = 0;
  for (let first = 0; first < rows; first += batchSize) {
    if (options.isStopped?.()) return undefined;
    const batch = makeBatch(data, order.subarray(first, first + batchSize), first);
    const { labels: answer, ...inputs } = batch.feeds;
    const logits = await engine.predict(inputs);
    const expected = answer!.data;
    const classes = logits.length / expected.length;
    for (let i = 0; i < expected.length; i++) {
      const row = logits.subarray(i * classes, (i + 1) * classes);
      loss += crossEntropyOf(row, expected[i]!, labelSmoothing);
      if (data.kind === 'text-classification') {
        predictions[seen] = indexOfLargest(row);
        references[seen] = expected[i]!;
        seen++;
      }
    }
    targets += batch.targets;
    onProgress(Math.min(rows, first + batchSize), rows);
    await breathe();
  }
  const eval_loss = loss / targets;
  if (data.kind === 'fill-mask') return { eval_loss, eval_perplexity: Math.exp(eval_loss) };
  const { accuracy, macro_f1 } = classificationMetrics(predictions, references, labels);
  return { eval_loss, eval_accuracy: accuracy, eval_macro_f1: macro_f1 };
}

/** Cross entropy of one row of logits in nats, in double precision; with label smoothing as in `crossEntropy`. */
export function crossEntropyOf(logits: Float32Array, label: number, labelSmoothing = 0): number {
  let largest = -Infinity;
  for (const logit of logits) if (logit > largest) largest = logit;
  let exponentials = 0;
  let sum = 0;
  for (const logit of logits) {
    exponentials += Math.exp(logit - largest);
    sum += logit;
  }
  const chosen = logits[label]!;
  const target = chosen + (labelSmoothing === 0 ? 0 : labelSmoothing * (sum / logits.length - chosen));
  return Math.log(exponentials) + largest - target;
}

/** The first index of the largest number; NaN never wins. */
export function indexOfLargest(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
