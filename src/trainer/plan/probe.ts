import type { ResolvedRun } from '../../language/resolved.ts';
import type { RunPlan } from '../../protocol/plan.ts';
import type { DeviceInfo } from '../../protocol/run.ts';
import { paddedTokens } from '../loop/collate.ts';
import { checkPeak, explainMemory } from '../loop/memory.ts';
import { rowsOf } from '../loop/objective.ts';
import { planSteps } from '../loop/plan-steps.ts';
import type { PreparedRun } from '../loop/prepare.ts';
import { ProgressMeter, type ProgressSink } from '../loop/progress.ts';
import { completeAll, ReferenceModel } from '../loop/reference.ts';
import { createRunEngine, releaseStart } from '../loop/run-engine.ts';
import { takeStep } from '../loop/take-step.ts';
import { AccumulationWindows } from '../loop/windows.ts';

/** Steps that are timed after the first one, which sets memory up. */
const TIMED = 4;

/** Steps among which the one with the largest batch is looked for: it decides how much memory is needed. */
const LOOKED_THROUGH = 200;

/**
 * Takes a few steps of a run, from its own batches, and forgets them with its starting values: how long a step takes, and how much memory the step with the largest
 * batch needs.
 * @param progress is told before each step how many were taken
 * @throws TunebookError when the device cannot take the model, `run/memory` when there is not enough of it
 */
export async function probe(
  run: ResolvedRun,
  prepared: PreparedRun,
  device: DeviceInfo,
  progress: ProgressSink,
): Promise<NonNullable<RunPlan['probe']>> {
  try {
    const measured = await measure(run, prepared, device, progress);
    checkPeak(run, prepared.demand, measured.peakMemory);
    return measured;
  } catch (error) {
    throw explainMemory(run, prepared.demand, error);
  }
}

async function measure(
  run: ResolvedRun,
  prepared: PreparedRun,
  device: DeviceInfo,
  progress: ProgressSink,
): Promise<NonNullable<RunPlan['probe']>> {
  const plan = planSteps(run.train, rowsOf(prepared.train.data));
  const windows = new AccumulationWindows(prepared.train.data, run.train, plan);
  const engine = await createRunEngine(run, prepared, device);
  const reference = await ReferenceModel.create(run, prepared, device);
  // As a run does; else their memory would be measured too.
  if (!reference) releaseStart(prepared);
  const first = Math.min(TIMED + 1, plan.totalSteps);
  const largest = largestStep(windows, plan.totalSteps);
  const steps = [...Array(first).keys(), ...(largest >= first ? [largest] : [])];
  const meter = new ProgressMeter(progress, 'measure', steps.length, 0);
  const times: number[] = [];
  try {
    for (const [done, step] of steps.entries()) {
      meter.update(done);
      const began = performance.now();
      const batches = await completeAll(reference, prepared.train.data, windows.after(step));
      // A rate of zero: the weights that were read stay as they are.
      await takeStep(engine, batches, run.train, 0);
      if (step < first) times.push(performance.now() - began);
    }
  } finally {
    await reference?.dispose();
    await engine.dispose();
  }
  const timed = times.length > 1 ? times.slice(1) : times;
  const each = timed.reduce((a, b) => a + b, 0) / timed.length;
  return {
    steps: times.length,
    millisecondsPerStep: each,
    seconds: (each * plan.totalSteps) / 1000,
    peakMemory: process.resourceUsage().maxRSS * 1024,
  };
}

/** The step with the largest padded batch, of the first ones. */
function largestStep(windows: AccumulationWindows, steps: number): number {
  let [largest, most] = [0, 0];
  for (let step = 0; step < Math.min(LOOKED_THROUGH, steps); step++) {
    const size = Math.max(0, ...windows.after(step).map(paddedTokens));
    if (size > most) [largest, most] = [step, size];
  }
  return largest;
}
