import type { ResolvedRun } from '../../language/resolved.ts';
import { optimizerOf } from '../../language/schema/optimizers.ts';
import type { RunPlan } from '../../protocol/plan.ts';
import { ADDED } from '../methods/lora.ts';
import { totalBytes, type Parameter } from '../models/parameter.ts';
import { stateBytes } from '../optimizers/optimizer-state.ts';
import { batchMeter, scoreMeter } from '../runtime/batch-memory.ts';
import type { BatchLimits } from '../runtime/cpu-engine.ts';
import { referenceOptions, specOf, type ModelLayout } from './layout.ts';

/** Bytes of a run before its first batch. */
export interface StateMemory {
  /** Of what is trained: weights, gradients, with accumulation twice, and what the optimizer keeps. */
  readonly trained: number;
  readonly frozen: number;
  /** Of starting values of what is trained, which the reference of DPO goes on computing with. */
  readonly kept: number;
  /** Of the weights that this reference computes with, `kept` among them; 0 without one. */
  readonly reference: number;
  /** Of all weights alone, which are read into the memory of the machine whatever computes. */
  readonly weights: number;
  /** The largest part of what is trained that lies in one WebAssembly memory on the CPU: all embeddings, or another parameter. */
  readonly together: { readonly name: string; readonly bytes: number };
}

/** What a run is held against: its state and its largest batch, which is not known before its data are. */
export interface MemoryNeeds {
  readonly state: StateMemory;
  readonly batch?: RunPlan['batchMemory'];
}

type Sizes = Pick<ModelLayout, 'parameters' | 'trained'> & Partial<Pick<ModelLayout, 'continues'>>;

/** The bytes that a run holds before its first batch. */
export function stateMemory(
  run: {
    readonly train: { readonly gradient_accumulation_steps: number; readonly optim: string };
    readonly method: ResolvedRun['method'];
  },
  { parameters, trained, continues = false }: Sizes,
): StateMemory {
  const copies = run.train.gradient_accumulation_steps > 1 ? 3 : 2;
  const optimizer = optimizerOf(run.train.optim);
  const bytesOf = (some: readonly Parameter[]) => copies * totalBytes(some) + stateBytes(optimizer, some);
  const tables = trained.filter(({ role }) => role === 'embedding');
  let together = { name: 'the embeddings', bytes: bytesOf(tables) };
  for (const parameter of trained) {
    const bytes = parameter.role === 'embedding' ? 0 : bytesOf([parameter]);
    if (bytes > together.bytes) together = { name: parameter.name, bytes };
  }
  const weights = totalBytes(parameters);
  // A new adapter is no part of what the run starts from.
  const isOfStart = ({ name }: Parameter) => run.method.dpo !== undefined && (continues || !ADDED.test(name));
  return {
    trained: bytesOf(trained),
    frozen: weights - totalBytes(trained),
    kept: totalBytes(trained.filter(isOfStart)),
    reference: totalBytes(parameters.filter(isOfStart)),
    weights,
    together,
  };
}

/** Counts the bytes of batches of any size, with layers kept and with layers computed again. */
export interface BatchMeters {
  readonly kept: (limits: BatchLimits) => number;
  readonly checkpointed: (limits: BatchLimits) => number;
}

/** Builds the graphs that a run's batches are counted by; neither depends on `gradient_checkpointing` nor on the size of a batch. */
export function batchMetersOf(run: Pick<ResolvedRun, 'train' | 'method'>, layout: ModelLayout): BatchMeters {
  const spec = specOf(run, layout);
  const [kept, checkpointed] = [false, true].map((checkpointing) => batchMeter({ ...spec, checkpointing }));
  if (!run.method.dpo) return { kept: kept!, checkpointed: checkpointed! };
  // What the reference makes of a batch lies in memory of its own, which its session keeps.
  const asked = scoreMeter({ ...spec, options: referenceOptions(layout) });
  return {
    kept: (limits) => kept!(limits) + asked(limits),
    checkpointed: (limits) => checkpointed!(limits) + asked(limits),
  };
}

/** Bytes that a batch needs, with layers kept and with layers computed again, and which of the two the run has. */
export function batchMemoryOf(
  { train }: Pick<ResolvedRun, 'train'>,
  meters: BatchMeters,
  limits: BatchLimits,
): RunPlan['batchMemory'] {
  const kept = meters.kept(limits);
  const checkpointed = meters.checkpointed(limits);
  return { used: train.gradient_checkpointing ? checkpointed : kept, kept, checkpointed };
}

/** Bytes of weights, gradients, moments and the weights that DPO's reference keeps. */
export function stateNeeded({ trained, frozen, kept }: StateMemory): number {
  return trained + frozen + kept;
}

/** The same with the largest batch. */
export function totalNeeded({ state, batch }: MemoryNeeds): number {
  return stateNeeded(state) + (batch?.used ?? 0);
}
