import type { ResolvedRun } from '../../language/resolved.ts';
import { optimizerOf } from '../../language/schema/optimizers.ts';
import type { RunPlan } from '../../protocol/plan.ts';
import { totalBytes, type Parameter } from '../models/parameter.ts';
import { stateBytes } from '../optimizers/optimizer-state.ts';
import { batchMemory } from '../runtime/batch-memory.ts';
import { batchLimits } from './batch-limits.ts';
import { specOf, type ModelLayout } from './layout.ts';
import type { LoadedSplit } from './load-data.ts';

/** Bytes of a run before its first batch. */
export interface StateMemory {
  /** Of what is trained: weights, gradients, with accumulation twice, and what the optimizer keeps. */
  readonly trained: number;
  readonly frozen: number;
  /** Of all weights alone, which are read into the memory of the machine whatever computes. */
  readonly weights: number;
  /** The largest part of what is trained that lies in one WebAssembly memory on the CPU: all embeddings, or another parameter. */
  readonly together: { readonly name: string; readonly bytes: number };
}

/** What a run is held against: its state, and once its data are known its largest batch. */
export interface MemoryNeeds {
  readonly state: StateMemory;
  readonly batch?: RunPlan['batchMemory'];
}

/** The bytes that a run holds before its first batch. */
export function stateMemory(
  run: { train: { readonly gradient_accumulation_steps: number; readonly optim: string } },
  { parameters, trained }: Pick<ModelLayout, 'parameters' | 'trained'>,
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
  return { trained: bytesOf(trained), frozen: weights - totalBytes(trained), weights, together };
}

/** Bytes that the largest batch of a run needs, with layers kept and with layers computed again, and which of the two it has. */
export function batchMemoryOf(
  run: Pick<ResolvedRun, 'train' | 'data' | 'method'>,
  layout: ModelLayout,
  train: LoadedSplit,
): RunPlan['batchMemory'] {
  const spec = specOf(run, layout);
  const limits = batchLimits(run, train);
  const kept = batchMemory({ ...spec, checkpointing: false }, limits);
  const checkpointed = batchMemory({ ...spec, checkpointing: true }, limits);
  return { used: run.train.gradient_checkpointing ? checkpointed : kept, kept, checkpointed };
}

/** Bytes of weights, gradients, moments and the largest batch. */
export function totalNeeded({ state, batch }: MemoryNeeds): number {
  return state.trained + state.frozen + (batch?.used ?? 0);
}
