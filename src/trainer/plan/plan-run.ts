import { cutOf } from '../../language/held-out.ts';
import type { ResolvedRun } from '../../language/resolved.ts';
import { optimizerOf } from '../../language/schema/optimizers.ts';
import type { RunPlan } from '../../protocol/plan.ts';
import type { DeviceInfo } from '../../protocol/run.ts';
import { paddedTokens } from '../loop/collate.ts';
import type { LoadedSplit } from '../loop/load-data.ts';
import { stateNeeded, type MemoryNeeds } from '../loop/memory-needs.ts';
import { dataLengths, rowsOf } from '../loop/objective.ts';
import { planSteps, type StepPlan } from '../loop/plan-steps.ts';
import type { PreparedRun } from '../loop/prepare.ts';
import { rowCount } from '../loop/sequences.ts';
import { AccumulationWindows } from '../loop/windows.ts';
import { totalElements } from '../models/parameter.ts';
import { stateBytes } from '../optimizers/optimizer-state.ts';
import { plannedExamples } from './example.ts';

/** Batches that the share of padding is taken from. */
const SAMPLED_STEPS = 50;

/** What a run will do, from its settings and its data; nothing is computed. */
export function planRun(run: ResolvedRun, prepared: PreparedRun, device: DeviceInfo): RunPlan {
  const { train, parameters, trained, tokenizer, demand } = prepared;
  const steps = planSteps(run.train, rowsOf(train.data));
  const counts = { total: totalElements(parameters), trained: totalElements(trained) };
  const bytes = 4 * counts.trained;
  const checkpoint = bytes + stateBytes(optimizerOf(run.train.optim), trained);
  const { state, batch } = demand.needs;
  return {
    type: 'plan',
    run: run.name,
    device: device.device,
    steps: steps.totalSteps,
    stepsPerEpoch: steps.stepsPerEpoch,
    warmupSteps: steps.warmup,
    format: train.format,
    rows: train.report.rows,
    ...(prepared.eval && {
      evaluated: { rows: prepared.eval.report.rows, heldOut: isHeldOut(run) },
    }),
    truncated: train.report.truncated,
    dropped: train.report.dropped,
    masked: train.report.masked,
    ...packingOf(run, train),
    tokens: train.report.tokens,
    longest: train.report.longest,
    paddingShare: paddingShare(run, prepared, steps),
    parameters: counts,
    disk: { checkpoint, output: bytes, most: bytes + checkpoint * keptCheckpoints(run, steps) },
    stateMemory: stateNeeded(state),
    ...(device.device === 'cpu' ? {} : { gpuMemory: gpuMemory(demand.needs, device.device) }),
    batchMemory: batch,
    examples: plannedExamples(train, tokenizer),
  };
}

function isHeldOut({ data }: ResolvedRun): boolean {
  return data.eval !== undefined && cutOf(data.eval.dataset.train_test_split, data.eval.split) !== undefined;
}

/** How rows come to stand together, where they do. */
function packingOf({ data }: ResolvedRun, { data: all, report }: LoadedSplit): Pick<RunPlan, 'packing'> {
  if (all.kind !== 'text-generation' || !data.packing) return {};
  const lengths = dataLengths(all);
  const rows = data.packing_strategy === 'wrapped' ? report.rows : rowCount(all.sequences);
  const filled = lengths.reduce((sum, length) => sum + length, 0) / (lengths.length * data.max_length);
  return { packing: { rows, sequences: lengths.length, filled } };
}

/** On WebGPU gradients and moments lie on the device too, and the weights of a reference once more; elsewhere only weights are sent there. */
function gpuMemory({ state }: MemoryNeeds, device: string): RunPlan['gpuMemory'] {
  const { trained, frozen, reference, weights } = state;
  return { needed: device === 'webgpu' ? trained + frozen + reference : weights, free: null };
}

/** Checkpoints that lie on the disk at the end, or at most at once. */
function keptCheckpoints({ train }: ResolvedRun, plan: StepPlan): number {
  if (train.save_strategy === 'no') return 0;
  const limit = train.save_total_limit ?? Infinity;
  if (train.save_strategy === 'best') return Math.min(limit, plan.epochs);
  // The last step is one of them wherever it falls: see `isDue`.
  const every = train.save_strategy === 'epoch' ? plan.stepsPerEpoch : plan.saveSteps;
  return Math.min(limit, Math.ceil(plan.totalSteps / every));
}

function paddingShare(run: ResolvedRun, { train }: PreparedRun, plan: StepPlan): number {
  const windows = new AccumulationWindows(train.data, run.train, plan);
  let [real, padded] = [0, 0];
  for (let step = 0; step < Math.min(SAMPLED_STEPS, plan.totalSteps); step++) {
    for (const batch of windows.after(step)) {
      real += batch.tokens;
      padded += paddedTokens(batch);
    }
  }
  return padded === 0 ? 0 : 1 - real / padded;
}
