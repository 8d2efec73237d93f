import type { ResolvedRun } from '../../language/resolved.ts';
import type { DeviceInfo } from '../../protocol/run.ts';
import type { StopRequest } from '../../runs/stop.ts';
import type { RunWriter } from '../../runs/writer.ts';
import { chooseDeviceOf } from '../runtime/devices.ts';
import { checkBestMetric } from './best-metric.ts';
import { explainMemory, tightMemory } from './memory.ts';
import { prepareRun, type PreparedRun } from './prepare.ts';
import { TrainingLoop, type LoopOptions, type TrainOutcome } from './training-loop.ts';

export type { TrainOutcome } from './training-loop.ts';

export interface TrainRequest {
  readonly run: ResolvedRun;
  readonly writer: RunWriter;
  readonly stop: StopRequest;
  /** Go on from the newest checkpoint of the run directory. */
  readonly resume?: boolean;
  readonly device?: DeviceInfo;
  /** Whether and how it may be paused between steps. */
  readonly pause?: LoopOptions['pause'];
  /** After which step to evaluate, save and stop, by the number of all steps; without it the last. */
  readonly until?: LoopOptions['until'];
}

/**
 * Trains a run from its config to its `output/`: prepares, steps, evaluates, checkpoints, and writes every event.
 * Between steps the process breathes, so that a request to stop is seen; then a checkpoint is written first.
 * States `preparing`, `running` and `evaluating` are written here, the first and the last ones by the caller.
 * @throws TunebookError what a person can mend; the run directory keeps its checkpoints
 */
export async function train(request: TrainRequest): Promise<TrainOutcome> {
  const { run, writer, stop } = request;
  const abort = new AbortController();
  const unsubscribe = stop.onRequest(() => abort.abort());
  writer.event({ type: 'state', state: 'preparing' });
  checkBestMetric(run);
  const device = request.device ?? (await chooseDeviceOf(run));
  let prepared: PreparedRun;
  try {
    prepared = await prepareRun(run, {
      device: device.device,
      signal: abort.signal,
      onProgress: (phase, rows) => writer.event({ type: 'progress', phase, done: rows, total: rows }),
      onWarning: (code, message, hint) => writer.event({ type: 'warning', code, message, hint }),
    });
  } catch (error) {
    if (abort.signal.aborted) return { state: 'stopped', metrics: {} };
    throw error;
  } finally {
    unsubscribe();
  }
  const tight = tightMemory(run, prepared.demand);
  if (tight) writer.event({ type: 'warning', ...tight });
  try {
    return await compute(prepared, { ...request, device });
  } catch (error) {
    throw explainMemory(run, prepared.demand, error);
  }
}

async function compute(
  prepared: PreparedRun,
  { run, writer, stop, device, resume, pause, until }: TrainRequest & { readonly device: DeviceInfo },
): Promise<TrainOutcome> {
  const loop = await TrainingLoop.create(run, prepared, { writer, stop, device, resume, pause, until });
  try {
    return await loop.run();
  } finally {
    await loop.dispose();
  }
}
