import type { ResolvedRun } from '../../language/resolved.ts';
import { optimizerOf } from '../../language/schema/optimizers.ts';
import { TunebookError } from '../../protocol/error.ts';
import { formatBytes } from '../../protocol/format.ts';
import type { RunPlan } from '../../protocol/plan.ts';
import { machineMemory, type MachineMemory } from '../../runs/machine-memory.ts';
import { LARGEST_MEMORY } from '../kernels/kernels.ts';
import { totalBytes, type Parameter } from '../models/parameter.ts';
import { stateBytes } from '../optimizers/optimizer-state.ts';
import { batchMemory } from '../runtime/batch-memory.ts';
import type { PreparedRun } from './prepare.ts';
import { batchLimits } from './run-engine.ts';

/** Bytes of a run before its first batch. */
export interface StateMemory {
  /** Of what is trained: weights, gradients, with accumulation twice, and what the optimizer keeps. */
  readonly trained: number;
  readonly frozen: number;
  /** The largest part of what is trained that lies in one WebAssembly memory on the CPU: all embeddings, or another parameter. */
  readonly together: { readonly name: string; readonly bytes: number };
}

export function stateMemory(
  run: { train: { readonly gradient_accumulation_steps: number; readonly optim: string } },
  { parameters, trained }: Pick<PreparedRun, 'parameters' | 'trained'>,
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
  return { trained: bytesOf(trained), frozen: totalBytes(parameters) - totalBytes(trained), together };
}

/** Bytes that the largest batch of a run needs, with layers kept and with layers computed again, and which of the two it has. */
export function batchMemoryOf(
  run: Pick<ResolvedRun, 'train'>,
  { spec, train }: Pick<PreparedRun, 'spec' | 'train'>,
): RunPlan['batchMemory'] {
  const limits = batchLimits(run, train);
  const kept = batchMemory({ ...spec, checkpointing: false }, limits);
  const checkpointed = batchMemory({ ...spec, checkpointing: true }, limits);
  return { used: run.train.gradient_checkpointing ? checkpointed : kept, kept, checkpointed };
}

/** What a run is held against. */
export interface MemoryNeeds {
  readonly state: StateMemory;
  readonly batch: RunPlan['batchMemory'];
}

/** What a run needs: its state and its largest batch. */
export function memoryNeeds(
  run: ResolvedRun,
  prepared: Pick<PreparedRun, 'parameters' | 'trained' | 'spec' | 'train'>,
): MemoryNeeds {
  return { state: stateMemory(run, prepared), batch: batchMemoryOf(run, prepared) };
}

/**
 * Makes sure that a run fits, before anything is computed.
 * @param available bytes of this machine; a GPU has memory of its own, of which nothing is known
 * @throws TunebookError `run/memory` with what would fit
 */
export function checkMemory(
  run: ResolvedRun,
  { state, batch }: MemoryNeeds,
  device: string,
  available = machineMemory().total,
): void {
  const { trained, frozen, together } = state;
  const refuse = (message: string, hint: string) =>
    new TunebookError('run/memory', message, { hint, location: { file: run.file } });
  if (device === 'cpu' && together.bytes > LARGEST_MEMORY) {
    throw refuse(
      `Training ${together.name} takes ${formatBytes(together.bytes)} for weights, gradients and moments, and the trainer can hold ${formatBytes(LARGEST_MEMORY)} of that in one piece.`,
      smallerModel(run),
    );
  }
  const needed = trained + frozen;
  if (needed > available) {
    throw refuse(
      `The model and what is trained of it need ${formatBytes(needed)}, and this machine has ${formatBytes(available)}.`,
      smallerModel(run),
    );
  }
  if (device !== 'cpu' || needed + batch.used <= available) return;
  throw refuse(
    `The model and what is trained of it need ${formatBytes(needed)}, the largest batch ${formatBytes(batch.used)} more, and this machine has ${formatBytes(available)}.`,
    smallerBatch(batch, available - needed),
  );
}

/**
 * What to tell before a run that fits this machine, but not what is free of it now. It is a lower bound: onnxruntime takes
 * its memory in large steps and keeps it.
 * @returns undefined where the run has room, and on a GPU, of whose memory nothing is known
 */
export function tightMemory(
  run: ResolvedRun,
  { state, batch }: MemoryNeeds,
  device: string,
  { used, total }: MachineMemory = machineMemory(),
): { code: string; message: string; hint: string } | undefined {
  if (device !== 'cpu') return undefined;
  const free = total - used;
  // The model itself has been read: it is among what is used.
  const more = state.trained + batch.used;
  if (more <= free) return undefined;
  const room = free - state.trained;
  return {
    code: 'run/memory-tight',
    message: `The run takes at least ${formatBytes(more)} more, and of this machine's ${formatBytes(total)} only ${formatBytes(free)} are free: it may become very slow, or the system may end it.`,
    hint: `End what else needs memory. ${room > 0 ? smallerBatch(batch, room) : smallerModel(run)}`,
  };
}

function smallerModel({ method }: ResolvedRun): string {
  return 'full' in method
    ? 'Train an adapter instead, with method: { lora: { r: 8 } }, or take a smaller model.'
    : 'Adapt fewer layers (target_modules), save fewer modules whole (modules_to_save), or take a smaller model.';
}

/** @param room bytes that are left for a batch */
function smallerBatch({ checkpointed }: RunPlan['batchMemory'], room: number): string {
  return checkpointed <= room
    ? `Set train: { gradient_checkpointing: true }: the batch then needs ${formatBytes(checkpointed)}, and the numbers stay the same.`
    : 'Lower per_device_train_batch_size (with gradient_accumulation_steps for the same batch in sum) or max_length, and set train: { gradient_checkpointing: true }.';
}
