import type { ResolvedRun } from '../../language/resolved.ts';
import type { RunPlan } from '../../protocol/plan.ts';
import type { DeviceInfo } from '../../protocol/run.ts';
import { batchLimits } from '../loop/batch-limits.ts';
import { dataLengths } from '../loop/objective.ts';
import { planSteps } from '../loop/plan-steps.ts';
import type { PreparedRun } from '../loop/prepare.ts';
import { AccumulationWindows } from '../loop/windows.ts';
import { createEngine } from '../runtime/create-engine.ts';

/** Steps that are timed after the first one, which sets memory up. */
const TIMED = 4;

/**
 * Takes a few steps of a run, from its own batches, and forgets them: how long a step takes and how much memory it needs.
 * @throws TunebookError when the device cannot take the model
 */
export async function probe(
  run: ResolvedRun,
  prepared: PreparedRun,
  device: DeviceInfo,
): Promise<NonNullable<RunPlan['probe']>> {
  const plan = planSteps(run.train, dataLengths(prepared.train.data).length);
  const windows = new AccumulationWindows(prepared.train.data, run.train, plan);
  const engine = await createEngine(prepared.spec, prepared.values, {
    device,
    limits: batchLimits(run, prepared.train),
    accumulates: run.train.gradient_accumulation_steps > 1,
  });
  const times: number[] = [];
  try {
    for (let step = 0; step < Math.min(TIMED + 1, plan.totalSteps); step++) {
      const began = performance.now();
      const batches = windows.after(step);
      const targets = batches.reduce((sum, batch) => sum + batch.targets, 0);
      for (const [microBatch, { feeds }] of batches.entries())
        await engine.accumulate(feeds, 1 / targets, { seed: run.train.seed, step, microBatch });
      // A rate of zero: the weights that were read stay as they are.
      await engine.update({
        learningRate: 0,
        weightDecay: 0,
        beta1: run.train.adam_beta1,
        beta2: run.train.adam_beta2,
        epsilon: run.train.adam_epsilon,
        maxGradNorm: run.train.max_grad_norm,
      });
      times.push(performance.now() - began);
    }
  } finally {
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
