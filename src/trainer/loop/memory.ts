import type { ResolvedRun } from '../../language/resolved.ts';
import { TunebookError } from '../../protocol/error.ts';
import { formatBytes } from '../../protocol/format.ts';
import { machineMemory, type MachineMemory } from '../../runs/machine-memory.ts';
import { isOutOfMemory } from '../../runs/out-of-memory.ts';
import { LARGEST_MEMORY } from '../kernels/kernels.ts';
import type { Demand } from './demand.ts';
import { stateNeeded, totalNeeded, type MemoryNeeds } from './memory-needs.ts';
import { nothingFits, settingsThatFit } from './settings-that-fit.ts';

/**
 * What onnxruntime takes of the memory in the measure of what its operators hold at once: its arena keeps what is free between two
 * of them. Measured on steps of 0.2 to 1.8 GiB it is 1.39 to 1.44.
 */
const KEPT = 1.5;

/** Bytes that a process of the trainer has before it reads a model. */
const OWN = 200 * 2 ** 20;

/** The memory of this machine and what this process has of it, which the next one to start would have in its place. */
export interface Room extends MachineMemory {
  readonly own: number;
}

function roomHere(): Room {
  return { ...machineMemory(), own: process.memoryUsage.rss() };
}

/**
 * Makes sure that a run fits, before anything is computed. What is refused cannot fit; what is proposed has room also for what
 * cannot be counted, and where possible in what is free now.
 * @param room a GPU has memory of its own, of which nothing is known
 * @throws TunebookError `run/memory` with what would fit
 */
export function checkMemory(run: ResolvedRun, demand: Demand, room = roomHere()): void {
  const problem = misfit(demand.needs, demand.device, room.total);
  if (problem !== undefined) throw noRoom(run, problem, adviceFor(run, demand, room));
}

/** Whether a run may fit this machine, by what is counted of it. */
export function hasRoom({ needs, device }: Demand, total = machineMemory().total): boolean {
  return misfit(needs, device, total) === undefined;
}

/** Bytes that a run will take, as far as it can be told before it is measured. */
function likely({ state, batch }: MemoryNeeds, device: string): number {
  if (device === 'webgpu') return OWN + state.weights;
  const computed = device === 'cpu' ? KEPT * (batch?.used ?? 0) : 0;
  return OWN + stateNeeded(state) + computed;
}

/** Why a run cannot fit, as a sentence; undefined where it may. */
function misfit({ state, batch }: MemoryNeeds, device: string, available: number): string | undefined {
  const { weights, together } = state;
  const here = `this machine has ${formatBytes(available)}`;
  if (device === 'cpu' && together.bytes > LARGEST_MEMORY)
    return `Training ${together.name} takes ${formatBytes(together.bytes)} for weights, gradients and moments, and the trainer can hold ${formatBytes(LARGEST_MEMORY)} of that in one piece.`;
  if (device === 'webgpu') {
    // Gradients and moments lie in the memory of the GPU.
    if (weights <= available) return undefined;
    return `The weights need ${formatBytes(weights)} until the GPU has them, and ${here}.`;
  }
  const needed = stateNeeded(state);
  if (needed > available)
    return `The model and what is trained of it need ${formatBytes(needed)}, and ${here}.`;
  if (device !== 'cpu' || !batch || needed + batch.used <= available) return undefined;
  return `The model and what is trained of it need ${formatBytes(needed)}, the largest batch ${formatBytes(batch.used)} more, and ${here}.`;
}

/**
 * What to tell before a run that fits this machine, but not what is free of it now. It is a lower bound: onnxruntime takes
 * its memory in large steps and keeps it.
 * @returns undefined where the run has room, and on a GPU, of whose memory nothing is known
 */
export function tightMemory(
  run: ResolvedRun,
  demand: Demand,
  room = roomHere(),
): { code: string; message: string; hint: string } | undefined {
  if (demand.device !== 'cpu') return undefined;
  const free = room.total - room.used;
  // All weights have been read: they are among what is used, and those that are trained are let go of when the engine has them.
  const more = totalNeeded(demand.needs) - demand.needs.state.weights;
  if (more <= free) return undefined;
  const end = 'End what else needs memory';
  const settings = settingsThatFit(run, { ...demand, fits: fitsWithin(demand, room, freeOf(room)) });
  return {
    code: 'run/memory-tight',
    message: `The run takes at least ${formatBytes(more)} more, and of this machine's ${formatBytes(room.total)} only ${formatBytes(free)} are free: it may become very slow, or the system may end it.`,
    hint: settings === undefined ? `${end}.` : `${end}, or set ${settings}`,
  };
}

/**
 * Makes sure that what was measured has room: more than there is lies on the disk while a run computes.
 * @param peak bytes that the process had at most
 * @throws TunebookError `run/memory`
 */
export function checkPeak(
  run: ResolvedRun,
  demand: Demand,
  peak: number,
  available = machineMemory().total,
): void {
  if (peak <= available) return;
  const message = `The first steps took ${formatBytes(peak)} of memory, measured, and this machine has ${formatBytes(available)}.`;
  const more = Math.max(0, peak - OWN) / totalNeeded(demand.needs);
  const fits = (other: MemoryNeeds) => OWN + more * totalNeeded(other) <= available;
  throw noRoom(run, message, adviceWhere(run, demand, fits));
}

/** What WebGPU says of a tensor that no buffer of the GPU can hold; onnxruntime does not tell the limit before. */
const BUFFER_LIMIT = /Buffer size \((\d+)\) exceeds the max buffer size limit \((\d+)\)/;

/**
 * An error while a run computes: one for want of memory as a refusal with what needs half as much, any other as it is. How much
 * onnxruntime takes beyond what can be counted is known only when it is measured.
 */
export function explainMemory(
  run: ResolvedRun,
  demand: Demand,
  error: unknown,
  available = machineMemory().total,
): unknown {
  if (!isOutOfMemory(error) || (error instanceof TunebookError && error.code === 'run/memory')) return error;
  const needed = totalNeeded(demand.needs);
  const [, size, limit] = BUFFER_LIMIT.exec(error instanceof Error ? error.message : '') ?? [];
  if (limit !== undefined) {
    const message = `A tensor of ${formatBytes(Number(size))} is larger than a buffer of the GPU may be, which is ${formatBytes(Number(limit))}.`;
    // No batch and no method makes a weight smaller.
    const hint =
      'Lower per_device_train_batch_size or max_length; where it is a weight, set target: { local: { device: cpu } }.';
    return new TunebookError('run/memory', message, { hint, location: { file: run.file }, cause: error });
  }
  const where = demand.device === 'cpu' ? 'this machine' : `the device "${demand.device}" or this machine`;
  const message = `The run got no more memory of ${where} while it computed; it needs at least ${formatBytes(needed)}, and more for what onnxruntime keeps.`;
  const fits = (other: MemoryNeeds) =>
    totalNeeded(other) <= needed / 2 && likely(other, demand.device) <= available;
  return noRoom(run, message, adviceWhere(run, demand, fits), error);
}

type Fits = (needs: MemoryNeeds) => boolean;

/** Bytes that a process would find free in the place of this one. */
function freeOf({ total, used, own }: Room): number {
  return Math.min(total, total - used + own);
}

/** Whether a run has room in so many bytes of a machine, by all that can be told before it is measured. */
function fitsWithin({ device }: Demand, { total }: Room, bytes: number): Fits {
  return (other) => misfit(other, device, total) === undefined && likely(other, device) <= bytes;
}

/** What has room: in what is free now where anything has, else in the whole machine. */
function adviceFor(run: ResolvedRun, demand: Demand, room: Room): string {
  const free = freeOf(room);
  const now = settingsThatFit(run, { ...demand, fits: fitsWithin(demand, room, free) });
  if (now !== undefined) return `Set ${now}`;
  const fits = fitsWithin(demand, room, room.total);
  const later = settingsThatFit(run, { ...demand, fits });
  if (later === undefined) return nothingFits(run, { ...demand, fits });
  return `Once this machine has more free than the ${formatBytes(free)} of now, set ${later}`;
}

function adviceWhere(run: ResolvedRun, demand: Demand, fits: Fits): string {
  const search = { ...demand, fits };
  const found = settingsThatFit(run, search);
  return found === undefined ? nothingFits(run, search) : `Set ${found}`;
}

function noRoom(run: ResolvedRun, message: string, hint: string, cause?: unknown) {
  return new TunebookError('run/memory', message, { hint, location: { file: run.file }, cause });
}
