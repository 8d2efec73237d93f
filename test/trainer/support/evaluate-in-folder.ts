import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedEvaluate, ResolvedRun } from '../../../src/language/resolved.ts';
import { mergeRecords, type EvaluationRecord } from '../../../src/protocol/evaluation.ts';
import type { RunEvent, WarningEvent } from '../../../src/protocol/events.ts';
import type { DeviceInfo } from '../../../src/protocol/run.ts';
import { readEvents } from '../../../src/runs/events.ts';
import { StopRequest } from '../../../src/runs/stop.ts';
import { newRun } from '../../../src/runs/testing/fixtures.ts';
import { RunWriter } from '../../../src/runs/writer.ts';
import { readRecords } from '../../../src/trainer/evaluate/record-log.ts';
import { carryOutEvaluation } from '../../../src/trainer/evaluate/carry-out-evaluation.ts';
import type { EvaluateOutcome } from '../../../src/trainer/evaluate/conduct-evaluation.ts';
import { train } from '../../../src/trainer/loop/train.ts';
import { readTensors } from '../../../src/trainer/safetensors/read.ts';
import { writeSafetensors, type TensorToWrite } from '../../../src/trainer/safetensors/write.ts';

const DEVICE: DeviceInfo = { device: 'cpu', description: 'CPU', reason: 'the test asks for it', threads: 1 };

/** What a test says of an evaluation. */
export interface EvaluationFields {
  candidates: ResolvedEvaluate['candidates'];
  /** The data file. */
  file: string;
  labels?: string[];
  format?: ResolvedEvaluate['data']['dataset']['format'];
  columns?: Record<string, string>;
  metrics?: ResolvedEvaluate['metrics'];
  assertions?: ResolvedEvaluate['assertions'];
  limit?: number;
}

/** An evaluation as the language resolves it, on the split `rows.test` of one file. */
export function resolvedEvaluate(workspace: string, fields: EvaluationFields): ResolvedEvaluate {
  const {
    candidates,
    file,
    labels,
    format = 'classification',
    columns = {},
    metrics,
    assertions,
    limit,
  } = fields;
  const config = join(workspace, 'test.tune.yaml');
  return {
    name: 'is-it-worth-it',
    file: config,
    data: {
      dataset: {
        name: 'rows',
        file: config,
        files: { test: [file] },
        format,
        columns,
        ...(labels ? { labels } : {}),
      },
      split: 'test',
    },
    candidates,
    metrics: metrics ?? ['accuracy', 'macro_f1', 'latency'],
    ...(assertions ? { assertions } : {}),
    ...(limit === undefined ? {} : { limit }),
  };
}

/** An evaluation directory after `evaluate()` went through it. */
export interface EvaluatedFolder {
  readonly dir: string;
  readonly outcome: EvaluateOutcome;
  readonly events: RunEvent[];
  readonly warnings: WarningEvent[];
  /** One per example, with every candidate's answer. */
  readonly records: EvaluationRecord[];
}

export interface EvaluateFolderOptions {
  /** An existing evaluation directory, to go on in. */
  readonly dir?: string;
  /** Ask for a stop at the first event for which this holds. */
  readonly stopAt?: (event: RunEvent) => boolean;
  /** Ask for a stop when it has been looked for so often: the engine looks before it loads a model and before each batch. */
  readonly stopAtLook?: number;
}

/** A request to stop that is made at a certain look at it, however fast the machine is. */
class StopAtLook extends StopRequest {
  #looksLeft: number;

  constructor(looks: number) {
    super();
    this.#looksLeft = looks;
  }

  override get requested(): boolean {
    if (--this.#looksLeft <= 0) this.request('The test asks for it.');
    return super.requested;
  }
}

/** Evaluates in a new run directory of a workspace, or goes on in one. */
export async function evaluateInFolder(
  workspace: string,
  evaluation: ResolvedEvaluate,
  { dir, stopAt, stopAtLook = Infinity }: EvaluateFolderOptions = {},
): Promise<EvaluatedFolder> {
  const folder = dir ?? newRun(workspace, { kind: 'evaluate', name: evaluation.name });
  const stop = new StopAtLook(stopAtLook);
  const writer = new RunWriter(folder);
  writer.onEvent((event) => {
    if (stopAt?.(event)) stop.request('The test asks for it.');
  });
  try {
    const outcome = await carryOutEvaluation({ evaluation, writer, stop, device: DEVICE });
    writer.event({ type: 'state', state: outcome.state });
    const { events } = readEvents(folder);
    const warnings = events.filter((event) => event.type === 'warning');
    return { dir: folder, outcome, events, warnings, records: recordsOf(folder) };
  } finally {
    writer.close();
  }
}

/** The merged `records.jsonl` of a directory; none where nothing was answered yet. */
export function recordsOf(dir: string): EvaluationRecord[] {
  const file = join(dir, 'records.jsonl');
  return existsSync(file) ? mergeRecords(readRecords(readFileSync(file)).records) : [];
}

/** Trains a run to its end, as the command line would, in a directory that knows its config. */
export async function finishedRun(workspace: string, run: ResolvedRun): Promise<string> {
  const dir = newRun(workspace, { name: run.name, config: run });
  const writer = new RunWriter(dir);
  try {
    const { state } = await train({ run, writer, stop: new StopRequest(), device: DEVICE });
    writer.event({ type: 'state', state });
  } finally {
    writer.close();
  }
  return dir;
}

/** A copy of a model folder whose config.json and weights were changed. */
export function changedModel(
  from: string,
  to: string,
  change: {
    config?: (fields: Record<string, unknown>) => Record<string, unknown>;
    weights?: (tensors: Map<string, TensorToWrite>) => void;
  },
): string {
  cpSync(from, to, { recursive: true });
  const config = join(to, 'config.json');
  // SAFETY: every model folder of the fixtures has an object there.
  const fields = JSON.parse(readFileSync(config, 'utf8')) as Record<string, unknown>;
  writeFileSync(config, JSON.stringify(change.config?.(fields) ?? fields));
  if (change.weights) {
    const tensors = new Map<string, TensorToWrite>(readTensors(to));
    change.weights(tensors);
    writeSafetensors(join(to, 'model.safetensors'), tensors);
  }
  return to;
}
