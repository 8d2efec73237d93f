import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { EvaluationResult } from '../../../src/protocol/evaluation.ts';
import type { RunEventBody } from '../../../src/protocol/events.ts';
import { toWire } from '../../../src/protocol/numbers.ts';
import { RUN_FILES, type RunManifest } from '../../../src/protocol/run.ts';
import { newRun } from '../../../src/runs/testing/fixtures.ts';
import { RunWriter } from '../../../src/runs/writer.ts';
import { summarise, type Answers } from '../../../src/trainer/evaluate/summarise.ts';

/** Writes run directories as the trainer does, with curves like those of a real training. */

const DEVICE = {
  device: 'cpu',
  description: 'AMD EPYC 9454, 2 threads',
  reason: 'no GPU was found',
  threads: 2,
};

/** A run directory that is being written. */
export interface RecordedRun {
  id: string;
  dir: string;
  writer: RunWriter;
  /** Makes the run look as if its process had died. */
  forgetProcess(): void;
}

/** Makes a run directory in a workspace folder and opens it for writing. */
export function beginRun(workspace: string, fields: Partial<RunManifest> & { name: string }): RecordedRun {
  const dir = newRun(workspace, { device: DEVICE, ...fields });
  return {
    id: basename(dir),
    dir,
    writer: new RunWriter(dir),
    forgetProcess: () => rmSync(join(dir, RUN_FILES.process)),
  };
}

/** What a training is like. */
export interface Training {
  steps: number;
  /** Steps of the whole run; more than `steps` for one that goes on. */
  total?: number;
  seed?: number;
  /** The loss that the curve ends at. */
  floor?: number;
  /** Steps whose loss and gradient norm are not numbers. */
  nanAt?: readonly number[];
  /** Evaluated every so many steps. */
  evaluateEvery?: number;
}

/** Writes state, progress and the numbers of each step, from step `from` + 1. */
export function writeTraining({ writer }: RecordedRun, training: Training, from = 0): void {
  const { steps, total = steps, evaluateEvery = 100, nanAt = [] } = training;
  writer.event({ type: 'state', state: 'preparing' });
  writer.event({ type: 'progress', phase: 'tokenize', done: 1600, total: 1600 });
  writer.event({ type: 'state', state: 'running' });
  for (let step = from + 1; step <= steps; step++) {
    writer.event(stepEvent(step, total, training, nanAt.includes(step)));
    if (step % evaluateEvery === 0) writer.event(evaluationEvent(step, total, training));
  }
  writer.event({
    type: 'progress',
    phase: 'train',
    done: steps,
    total,
    rate: 8.31,
    secondsLeft: (total - steps) / 8.31,
  });
}

/** Ends a run well. */
export function finish({ writer }: RecordedRun): void {
  writer.event({ type: 'state', state: 'finished' });
  writer.close();
}

function stepEvent(
  step: number,
  total: number,
  { seed = 1, floor = 0.25 }: Training,
  nan: boolean,
): RunEventBody {
  const noise = noiseOf(seed, step);
  const loss =
    (3 - floor) * Math.exp((-5 * step) / total) + floor + noise * 0.25 * Math.exp((-2 * step) / total);
  const warmup = total / 10;
  const rate = 5e-5 * (step <= warmup ? step / warmup : (total - step) / (total - warmup));
  return {
    type: 'metrics',
    split: 'train',
    step,
    epoch: (3 * step) / total,
    values: {
      loss: toWire(nan ? NaN : Math.max(0.01, loss)),
      learning_rate: rate,
      grad_norm: toWire(nan ? Infinity : 1.2 + noise * 0.5 + 4 * Math.exp((-9 * step) / total)),
      tokens_per_second: 4300 + 260 * noise,
    },
    tokens: 500 * step,
  };
}

function evaluationEvent(step: number, total: number, { seed = 1, floor = 0.25 }: Training): RunEventBody {
  const accuracy = 0.94 - floor / 10 - 0.85 * Math.exp((-6 * step) / total) + 0.004 * noiseOf(seed + 7, step);
  return {
    type: 'metrics',
    split: 'eval',
    step,
    epoch: (3 * step) / total,
    values: {
      eval_loss: 2.8 * Math.exp((-5 * step) / total) + floor + 0.09,
      eval_accuracy: accuracy,
      eval_macro_f1: accuracy - 0.012,
    },
  };
}

const LABELS = [
  ...[
    'zoom_in',
    'zoom_out',
    'open_file',
    'close_file',
    'save_file',
    'find_text',
    'replace_text',
    'go_to_line',
  ],
  ...['go_to_definition', 'rename_symbol', 'format_document', 'run_task', 'run_tests', 'start_debugging'],
  ...['git_blame', 'git_commit', 'git_diff', 'toggle_terminal', 'change_theme', 'split_editor'],
];

/** The result of candidates that answer right this often, computed as the trainer does it. */
export function evaluationOf(rightOften: Record<string, number>, examples = 300, seed = 3): EvaluationResult {
  const references = Int32Array.from({ length: examples }, (_, i) => (i * 7) % LABELS.length);
  const answers: Answers = {
    data: 'intents.test',
    labels: LABELS,
    references,
    candidates: Object.entries(rightOften).map(([name, share], c) => ({
      name,
      predictions: references.map((truth, i) => {
        const draw = (noiseOf(seed + 13 * c, i) + 1) / 2;
        if (draw < share) return truth;
        return noiseOf(seed + 29 * c, i) > -0.4 ? truth ^ 1 : (truth + 5 + (i % 9)) % LABELS.length;
      }),
      latencies: Float64Array.from(references, (_, i) => 2.1 + c * 0.4 + 0.3 * noiseOf(seed, i)),
    })),
    metrics: ['accuracy', 'macro_f1', 'latency'],
    seed: 42,
  };
  return summarise(answers);
}

/** The same on every machine, between −1 and 1. */
function noiseOf(seed: number, at: number): number {
  const bits = Math.imul(Math.imul(at + 1, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b), 0xc2b2ae35) >>> 0;
  const mixed = Math.imul(bits ^ (bits >>> 15), 0x27d4eb2f) >>> 0;
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 31 - 1;
}
