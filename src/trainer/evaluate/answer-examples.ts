import { setImmediate } from 'node:timers/promises';
import { formatLocation, TunebookError } from '../../protocol/error.ts';
import type { DeviceInfo } from '../../protocol/run.ts';
import type { StopRequest } from '../../runs/stop.ts';
import { collate } from '../loop/collate.ts';
import type { Feeds } from '../runtime/feeds.ts';
import { indexOfLargest } from '../loop/evaluate-split.ts';
import { rowLengths, type Sequences } from '../loop/sequences.ts';
import { createPredictor, type Predictor } from '../runtime/predictor.ts';
import type { Answer } from './answers.ts';
import { planBatches } from './batches.ts';
import type { Candidate } from './candidate.ts';
import { loadClassifier } from './classifier.ts';
import type { TextExamples } from './examples.ts';

export interface AnswerOptions<Answer> {
  readonly candidate: Candidate;
  readonly examples: TextExamples;
  readonly sequences: Sequences;
  /** Outputs of the classifier. */
  readonly outputs: number;
  /** Makes a batch of rows; one that asks for logits of whole texts where absent. */
  readonly batchOf?: (rows: Int32Array) => Feeds;
  /** How many times `[outputs]` logits a row has; once where absent. */
  readonly targetsOf?: (row: number) => number;
  /** What the logits of a row, `[targets · outputs]`, say. */
  readonly answerOf: (logits: Float32Array, row: number, latency: number) => Answer;
  readonly device: DeviceInfo;
  readonly stop: StopRequest;
  /** Whether an example still lacks its answer. */
  readonly isOpen: (row: number) => boolean;
  /** Takes the answers of a batch. */
  readonly onAnswers: (answers: readonly Answer[]) => void;
}

/**
 * Loads a candidate and answers every batch that has an open example. The time of a batch, from its token ids to its logits, is
 * shared by its examples; the first batch is computed once before, untimed, because a session's first run also sets up its memory.
 * @returns false when it was stopped before the last batch
 * @throws TunebookError `evaluate/not-a-number`, and those of the weights and the device
 */
export async function answerExamples<Answer>(options: AnswerOptions<Answer>): Promise<boolean> {
  const { candidate, sequences, outputs, device, stop } = options;
  const batchOf = options.batchOf ?? ((rows: Int32Array) => collate(sequences, rows));
  const open = planBatches(rowLengths(sequences)).filter((rows) => rows.some(options.isOpen));
  if (open.length === 0) return true;
  if (stop.requested) return false;
  const { spec, values } = loadClassifier(candidate.classifier, outputs);
  const predictor = await createPredictor(spec, values, device);
  try {
    await predictor.predict(batchOf(open[0]!));
    for (const rows of open) {
      await setImmediate();
      if (stop.requested) return false;
      options.onAnswers(await answerBatch(predictor, rows, { ...options, batchOf }));
    }
    return true;
  } finally {
    await predictor.dispose();
  }
}

async function answerBatch<Answer>(
  predictor: Predictor,
  rows: Int32Array,
  {
    candidate,
    examples,
    batchOf,
    targetsOf = () => 1,
    outputs,
    answerOf,
  }: AnswerOptions<Answer> & Required<Pick<AnswerOptions<Answer>, 'batchOf'>>,
): Promise<Answer[]> {
  const started = performance.now();
  const logits = await predictor.predict(batchOf(rows));
  const latency = round((performance.now() - started) / rows.length);
  let from = 0;
  return Array.from(rows, (row) => {
    const own = logits.subarray(from, (from += targetsOf(row) * outputs));
    if (!own.every(Number.isFinite)) throw notANumber(candidate, examples, row);
    return answerOf(own, row, latency);
  });
}

/**
 * The answer of a classifier that gives one label.
 * @param labelOf `[outputs]`: the label that each output stands for
 */
export function choose(labelOf: Int32Array): AnswerOptions<Answer>['answerOf'] {
  return (logits, row, latency) => {
    const output = indexOfLargest(logits);
    return { row, label: labelOf[output]!, score: round(probabilityOf(logits, output)), latency };
  };
}

/** Softmax of one row of logits at one output, in double precision. */
export function probabilityOf(logits: Float32Array, output: number): number {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0);
  return Math.exp(logits[output]! - largest) / sum;
}

/** Seven digits: as many as a float32 has. */
export function round(value: number): number {
  return Number(value.toPrecision(7));
}

function notANumber({ name, source }: Candidate, examples: TextExamples, row: number): TunebookError {
  return new TunebookError(
    'evaluate/not-a-number',
    `The answer of "${name}" to ${formatLocation(examples.placeOf(row))} is not a number: its weights in ${source.folder} are damaged or overflow.`,
    {
      hint: 'Train it again with a lower learning_rate, or leave the candidate out.',
      location: { file: source.folder },
    },
  );
}
