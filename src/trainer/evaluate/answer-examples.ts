import { setImmediate } from 'node:timers/promises';
import { formatLocation, TunebookError } from '../../protocol/error.ts';
import type { DeviceInfo } from '../../protocol/run.ts';
import type { StopRequest } from '../../runs/stop.ts';
import { collate } from '../loop/collate.ts';
import { indexOfLargest } from '../loop/evaluate-split.ts';
import { rowLengths, type Sequences } from '../loop/sequences.ts';
import { createPredictor, type Predictor } from '../runtime/predictor.ts';
import type { Answer } from './answers.ts';
import { planBatches } from './batches.ts';
import type { Candidate } from './candidate.ts';
import { loadClassifier } from './classifier.ts';
import type { Examples } from './examples.ts';

export interface AnswerOptions {
  readonly candidate: Candidate;
  readonly examples: Examples;
  readonly sequences: Sequences;
  /** `[outputs]`: the label that each output of the classifier stands for. */
  readonly labelOf: Int32Array;
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
export async function answerExamples(options: AnswerOptions): Promise<boolean> {
  const { candidate, sequences, labelOf, device, stop } = options;
  const open = planBatches(rowLengths(sequences)).filter((rows) => rows.some(options.isOpen));
  if (open.length === 0) return true;
  if (stop.requested) return false;
  const { spec, values } = loadClassifier(candidate.classifier, labelOf.length);
  const predictor = await createPredictor(spec, values, device);
  try {
    await predictor.predict(collate(sequences, open[0]!));
    for (const rows of open) {
      await setImmediate();
      if (stop.requested) return false;
      options.onAnswers(await answerBatch(predictor, rows, options));
    }
    return true;
  } finally {
    await predictor.dispose();
  }
}

async function answerBatch(
  predictor: Predictor,
  rows: Int32Array,
  { candidate, examples, sequences, labelOf }: AnswerOptions,
): Promise<Answer[]> {
  const started = performance.now();
  const logits = await predictor.predict(collate(sequences, rows));
  const latency = round((performance.now() - started) / rows.length);
  return Array.from(rows, (row, i) => {
    const own = logits.subarray(i * labelOf.length, (i + 1) * labelOf.length);
    if (!own.every(Number.isFinite)) throw notANumber(candidate, examples, row);
    const output = indexOfLargest(own);
    return { row, label: labelOf[output]!, score: round(probabilityOf(own, output)), latency };
  });
}

/** Softmax of one row of logits at one output, in double precision. */
export function probabilityOf(logits: Float32Array, output: number): number {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - largest), 0);
  return Math.exp(logits[output]! - largest) / sum;
}

/** Seven digits: as many as a float32 has. */
function round(value: number): number {
  return Number(value.toPrecision(7));
}

function notANumber({ name, source }: Candidate, examples: Examples, row: number): TunebookError {
  return new TunebookError(
    'evaluate/not-a-number',
    `The answer of "${name}" to ${formatLocation(examples.placeOf(row))} is not a number: its weights in ${source.folder} are damaged or overflow.`,
    {
      hint: 'Train it again with a lower learning_rate, or leave the candidate out.',
      location: { file: source.folder },
    },
  );
}
