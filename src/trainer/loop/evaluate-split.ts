import { classificationMetrics } from '../evaluate/metrics.ts';
import { multiLabelMetrics } from '../evaluate/targets/label-metrics.ts';
import { regressionMetrics } from '../evaluate/targets/number-metrics.ts';
import type { TrainingEngine } from '../runtime/engine.ts';
import { EntityCounts } from './entities.ts';
import type { Batch } from './collate.ts';
import { dataLengths, makeBatch, type TrainingData } from './objective.ts';
import type { ReferenceModel } from './reference.ts';
import { RewardTally, type RewardOptions } from './rewards.ts';

export interface SplitMetrics {
  readonly [name: string]: number;
}

export interface EvaluateSplitOptions {
  readonly batchSize: number;
  readonly labels: readonly string[];
  /** The run's `label_smoothing_factor`: Trainer's evaluation loss is smoothed as the training loss is. */
  readonly labelSmoothing?: number;
  /** How the run learns from pairs of answers, and what they are compared with; ORPO compares them with nothing. */
  readonly preference?: RewardOptions & { readonly reference?: ReferenceModel | undefined };
  /** Asked between batches; once it is true the evaluation ends without a result. */
  readonly isStopped?: () => boolean;
  readonly onProgress: (done: number, total: number) => void;
  /** Called between batches; gives the process time to see signals. */
  readonly breathe: () => Promise<void>;
}

/**
 * Loss and metrics of a whole split, under transformers' and TRL's names: `eval_loss`; for classifiers `eval_accuracy` and
 * `eval_macro_f1`, with several labels a row those of `MultiLabelMetrics`, for numbers those of `RegressionMetrics`; for language models `eval_perplexity`, and for causal ones `eval_mean_token_accuracy`; for pairs of answers TRL's `eval_rewards/…` and `eval_logps/…`. Rows are taken by
 * length, so batches need little padding; the metrics do not depend on it. Masked-language data is masked the same way at
 * every evaluation. Gives undefined when it was stopped.
 */
export async function evaluateSplit(
  engine: TrainingEngine,
  data: TrainingData,
  options: EvaluateSplitOptions,
): Promise<SplitMetrics | undefined> {
  const { batchSize, onProgress, breathe } = options;
  const lengths = dataLengths(data);
  const rows = lengths.length;
  const order = Int32Array.from({ length: rows }, (_, i) => i).sort(
    (a, b) => lengths[a]! - lengths[b]! || a - b,
  );
  const tally = tallyFor(data, options);
  for (let first = 0; first < rows; first += batchSize) {
    if (options.isStopped?.()) return undefined;
    const batch = makeBatch(data, order.subarray(first, first + batchSize), first);
    await tally.add(engine, (await options.preference?.reference?.complete(data, batch)) ?? batch);
    onProgress(Math.min(rows, first + batchSize), rows);
    await breathe();
  }
  return tally.metrics();
}

interface Tally {
  add(engine: TrainingEngine, batch: Batch): Promise<void>;
  metrics(): SplitMetrics;
}

function tallyFor(data: TrainingData, options: EvaluateSplitOptions): Tally {
  if (data.kind === 'text-classification') return new LabelTally(options);
  if (data.kind === 'text-targets')
    return data.problem === 'regression' ? new NumberTally() : new LabelSetTally();
  if (data.kind === 'preference') {
    if (!options.preference) throw new Error('pairs of answers are of no use to this run');
    return new PairTally(options.preference);
  }
  return data.kind === 'token-classification' ? new EntityTally(options) : new TokenTally(data.kind);
}

/** Adds up what a classifier with several labels a row makes of batches. */
class LabelSetTally implements Tally {
  readonly #predictions: number[] = [];
  readonly #references: number[] = [];
  #width = 1;
  #loss = 0;

  async add(engine: TrainingEngine, { feeds }: Batch): Promise<void> {
    const { labels, ...inputs } = feeds;
    const logits = await engine.predict(inputs);
    const [, width = 1] = labels!.dims;
    this.#width = width;
    logits.forEach((logit, i) => {
      const label = labels!.data[i]!;
      this.#loss += binaryCrossEntropyOf(logit, label);
      this.#predictions.push(Number(logit > 0));
      this.#references.push(label);
    });
  }

  metrics(): SplitMetrics {
    const [predictions, references] = [this.#predictions, this.#references].map((list) =>
      Uint8Array.from(list),
    );
    return {
      eval_loss: this.#loss / references!.length,
      ...named(multiLabelMetrics(predictions!, references!, this.#width)),
    };
  }
}

/** Adds up what a regression makes of batches. A correlation with predictions that are all the same is NaN. */
class NumberTally implements Tally {
  readonly #predictions: number[] = [];
  readonly #references: number[] = [];

  async add(engine: TrainingEngine, { feeds }: Batch): Promise<void> {
    const { labels, ...inputs } = feeds;
    this.#predictions.push(...(await engine.predict(inputs)));
    this.#references.push(...labels!.data);
  }

  metrics(): SplitMetrics {
    const metrics = regressionMetrics(this.#predictions, this.#references);
    return { eval_loss: metrics.mse, ...named(metrics) };
  }
}

/** Metrics under the names that transformers gives those of an evaluation. */
function named(metrics: object): SplitMetrics {
  // SAFETY: both kinds of metrics hold numbers alone.
  const entries = Object.entries(metrics) as [string, number][];
  return Object.fromEntries(entries.map(([name, value]) => [`eval_${name}`, value]));
}

/** Adds up what a tagger makes of batches: entities as seqeval counts them. */
class EntityTally implements Tally {
  readonly #options: EvaluateSplitOptions;
  readonly #entities = new EntityCounts();
  #loss = 0;
  #right = 0;
  #targets = 0;

  constructor(options: EvaluateSplitOptions) {
    this.#options = options;
  }

  async add(engine: TrainingEngine, { feeds, targets }: Batch): Promise<void> {
    const logits = await engine.predict(feeds);
    const { labels: names, labelSmoothing } = this.#options;
    const [labels, places, sequences] = [feeds['labels'], feeds['target_index'], feeds['sequence_ids']];
    const sentences = new Map<number, { predicted: string[]; expected: string[] }>();
    for (let i = 0; i < targets; i++) {
      const row = logits.subarray(i * names.length, (i + 1) * names.length);
      const label = labels!.data[i]!;
      const prediction = indexOfLargest(row);
      this.#loss += crossEntropyOf(row, label, labelSmoothing);
      if (prediction === label) this.#right++;
      const sequence = sequences!.data[places!.data[i]!]!;
      const sentence = sentences.get(sequence) ?? { predicted: [], expected: [] };
      sentences.set(sequence, sentence);
      sentence.predicted.push(names[prediction] ?? 'O');
      sentence.expected.push(names[label] ?? 'O');
    }
    for (const { predicted, expected } of sentences.values()) this.#entities.add(predicted, expected);
    this.#targets += targets;
  }

  metrics(): SplitMetrics {
    const { precision, recall, f1 } = this.#entities.metrics();
    return {
      eval_loss: this.#loss / this.#targets,
      eval_f1: f1,
      eval_precision: precision,
      eval_recall: recall,
      eval_accuracy: this.#right / this.#targets,
    };
  }
}

/** Adds up what a classifier makes of batches. */
class LabelTally implements Tally {
  readonly #options: EvaluateSplitOptions;
  readonly #predictions: number[] = [];
  readonly #references: number[] = [];
  #loss = 0;

  constructor(options: EvaluateSplitOptions) {
    this.#options = options;
  }

  async add(engine: TrainingEngine, { feeds }: Batch): Promise<void> {
    const { labels: answer, ...inputs } = feeds;
    const logits = await engine.predict(inputs);
    const expected = answer!.data;
    const classes = logits.length / expected.length;
    for (let i = 0; i < expected.length; i++) {
      const row = logits.subarray(i * classes, (i + 1) * classes);
      this.#loss += crossEntropyOf(row, expected[i]!, this.#options.labelSmoothing);
      this.#predictions.push(indexOfLargest(row));
      this.#references.push(expected[i]!);
    }
  }

  metrics(): SplitMetrics {
    const [predictions, references] = [this.#predictions, this.#references].map((list) =>
      Int32Array.from(list),
    );
    const { accuracy, macro_f1 } = classificationMetrics(predictions!, references!, this.#options.labels);
    return { eval_loss: this.#loss / references!.length, eval_accuracy: accuracy, eval_macro_f1: macro_f1 };
  }
}

/** Adds up what a language model makes of the targets of batches: every target counts the same, whatever batch it is in. */
class TokenTally implements Tally {
  readonly #kind: 'fill-mask' | 'text-generation';
  #loss = 0;
  #right = 0;
  #targets = 0;

  constructor(kind: 'fill-mask' | 'text-generation') {
    this.#kind = kind;
  }

  async add(engine: TrainingEngine, { feeds, targets }: Batch): Promise<void> {
    const { loss, prediction } = await engine.score(feeds);
    const labels = feeds['labels']!.data;
    for (let i = 0; i < targets; i++) {
      this.#loss += loss[i]!;
      if (prediction[i] === labels[i]) this.#right++;
    }
    this.#targets += targets;
  }

  metrics(): SplitMetrics {
    const eval_loss = this.#loss / this.#targets;
    return {
      eval_loss,
      eval_perplexity: Math.exp(eval_loss),
      ...(this.#kind === 'text-generation' ? { eval_mean_token_accuracy: this.#right / this.#targets } : {}),
    };
  }
}

/** Adds up what a language model makes of pairs of answers. */
class PairTally implements Tally {
  readonly #rewards: RewardTally;
  readonly #learnsChosen: boolean;
  #loss = 0;
  /** Of the tokens of chosen answers, or texts where those are learnt. */
  #chosenLoss = 0;
  #pairs = 0;
  #right = 0;
  #tokens = 0;

  constructor(options: RewardOptions) {
    this.#rewards = new RewardTally(options);
    this.#learnsChosen = options.method === 'orpo';
  }

  async add(engine: TrainingEngine, { feeds, targets }: Batch): Promise<void> {
    const { loss, prediction, pairs } = await engine.score(feeds);
    const [answers, labels] = [feeds['answers']!.data, feeds['labels']!.data];
    if (!pairs) throw new Error('the engine says nothing of pairs');
    for (const each of pairs.loss) this.#loss += each;
    this.#rewards.addPairs(pairs.logps, feeds['reference']?.data);
    answers.forEach((answer, i) => {
      if (answer % 2 !== 0) return;
      this.#tokens++;
      this.#chosenLoss += loss[i]!;
      if (prediction[i] === labels[i]) this.#right++;
    });
    this.#pairs += targets;
  }

  metrics(): SplitMetrics {
    const rewards = Object.entries(this.#rewards.metrics());
    const learnt = this.#learnsChosen ? this.#chosenLoss / this.#tokens : 0;
    return {
      eval_loss: this.#loss / this.#pairs + learnt,
      ...(this.#learnsChosen ? { eval_nll_loss: learnt } : {}),
      ...Object.fromEntries(rewards.map(([name, value]) => [`eval_${name}`, value])),
      eval_mean_token_accuracy: this.#right / this.#tokens,
    };
  }
}

/** Binary cross entropy of one output in nats, in double precision. */
export function binaryCrossEntropyOf(logit: number, label: number): number {
  return Math.max(logit, 0) - logit * label + Math.log1p(Math.exp(-Math.abs(logit)));
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
