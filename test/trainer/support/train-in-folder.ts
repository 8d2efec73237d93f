import type { ResolvedRun } from '../../../src/language/resolved.ts';
import type { CheckpointEvent, MetricsEvent, RunEvent } from '../../../src/protocol/events.ts';
import { fromWire } from '../../../src/protocol/numbers.ts';
import { readEvents } from '../../../src/runs/events.ts';
import { StopRequest } from '../../../src/runs/stop.ts';
import { newRun } from '../../../src/runs/testing/fixtures.ts';
import { RunWriter } from '../../../src/runs/writer.ts';
import { train, type TrainOutcome } from '../../../src/trainer/loop/train.ts';

/** A run directory after `train()` went through it. */
export interface TrainedFolder {
  readonly dir: string;
  readonly outcome: TrainOutcome;
  readonly events: RunEvent[];
}

export interface FolderOptions {
  /** An existing run directory, to go on in. */
  readonly dir?: string;
  readonly resume?: boolean;
  /** Ask for a stop when this many optimizer steps are done. */
  readonly stopAfter?: number;
}

/** Trains in a new run directory of a workspace, or goes on in one. */
export async function trainInFolder(
  workspace: string,
  run: ResolvedRun,
  { dir = newRun(workspace, { name: run.name }), resume = false, stopAfter }: FolderOptions = {},
): Promise<TrainedFolder> {
  const stop = new StopRequest();
  const writer = new RunWriter(dir);
  writer.onEvent((event) => {
    const step = event.type === 'metrics' && event.split === 'train' ? event.step : undefined;
    const begins = event.type === 'state' && event.state === 'running';
    if ((step !== undefined && step === stopAfter) || (begins && stopAfter === 0))
      stop.request('The test asks for it.');
  });
  try {
    const outcome = await train({ run, writer, stop, resume });
    return { dir, outcome, events: readEvents(dir).events };
  } finally {
    writer.close();
  }
}

/** One metric of every training step, in order. */
export function trainMetric(events: readonly RunEvent[], name: string): number[] {
  return metrics(events, 'train').map(({ values }) => fromWire(values[name] ?? 'NaN'));
}

export function metrics(events: readonly RunEvent[], split: 'train' | 'eval'): MetricsEvent[] {
  return events.filter(
    (event): event is RunEvent & MetricsEvent => event.type === 'metrics' && event.split === split,
  );
}

/** The steps at which checkpoints were written. */
export function checkpointSteps(events: readonly RunEvent[]): number[] {
  return events
    .filter((event): event is RunEvent & CheckpointEvent => event.type === 'checkpoint')
    .map(({ step }) => step);
}
