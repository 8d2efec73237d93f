import type { Optimizer } from '../../language/schema/optimizers.ts';
import { TunebookError } from '../../protocol/error.ts';
import { formatBytes } from '../../protocol/format.ts';
import { LARGEST_MEMORY, paddedBytes } from '../kernels/kernels.ts';
import { elementCount } from '../models/parameter.ts';
import type { TrainedParameter } from '../models/segments.ts';
import { Adafactor } from '../optimizers/adafactor.ts';
import { TrainedTensor } from '../optimizers/trained-tensor.ts';

/** What one memory is to hold. */
export interface MemoryShare {
  /** Places of the tensors, in their order. */
  readonly tensors: readonly number[];
  readonly bytes: number;
}

export interface TensorSize {
  readonly bytes: number;
  /** Lies in the first memory, with what is written for it there. */
  readonly first: boolean;
}

/**
 * Shares tensors out among memories, so that none holds more than `limit`: each goes where there is room, in order. One memory is enough as
 * long as all fit.
 * @param beside bytes that every memory has besides, and that the first one has on top
 * @throws TunebookError `run/memory` when a tensor, or what has to lie in the first memory, is larger than a memory
 */
export function placeTensors(
  sizes: readonly TensorSize[],
  beside: { readonly each: number; readonly first: number },
  limit: number,
): MemoryShare[] {
  const fixed = sizes.reduce((sum, { bytes, first }) => sum + (first ? bytes : 0), 0);
  const shares: { tensors: number[]; bytes: number }[] = [
    { tensors: [], bytes: beside.each + beside.first + fixed },
  ];
  sizes.forEach(({ bytes, first }, place) => {
    let share = first ? shares[0] : shares.find((each) => each.bytes + bytes <= limit);
    if (!share) shares.push((share = { tensors: [], bytes: beside.each }));
    share.tensors.push(place);
    if (!first) share.bytes += bytes;
  });
  const largest = Math.max(...shares.map(({ bytes }) => bytes));
  if (largest <= limit) return shares;
  throw new TunebookError(
    'run/memory',
    `The embeddings, with the rows and dropout masks of a batch, take ${formatBytes(largest)} with their gradients and moments, and the trainer can hold ${formatBytes(limit)} of that in one piece.`,
    {
      hint: 'Train an adapter instead, with method: { lora: { r: 8 } }, or lower per_device_train_batch_size or max_length.',
      cause: new RangeError(`one memory holds at most ${limit} bytes, and ${largest} have to lie together`),
    },
  );
}

export interface SharingOptions {
  readonly accumulates: boolean;
  readonly limits: { readonly tokens: number };
  readonly optimizer: Optimizer;
  /** Bytes of one memory; what it can hold when absent. */
  readonly memoryLimit?: number;
}

/** Bytes of the masks of that segment which has the most. */
export function largestSum(sizes: readonly (readonly number[])[]): number {
  return Math.max(...sizes.map((all) => all.reduce((sum, size) => sum + paddedBytes(size), 0)));
}

/** Whether a gradient comes as rows of a table alone. */
export function comesAsRows({ dense, rows }: TrainedParameter['gradient']): boolean {
  return dense === undefined && rows.length > 0;
}

/** Which memory each trained tensor lies in: tables in the first one, where the rows of their gradients are. */
export function shareOut(
  trained: readonly TrainedParameter[],
  rowWidths: ReadonlyMap<string, number>,
  maskSizes: readonly (readonly number[])[],
  { accumulates, limits, optimizer, memoryLimit = LARGEST_MEMORY }: SharingOptions,
): MemoryShare[] {
  const sizes = trained.map(({ parameter, gradient }) => {
    const second = accumulates && gradient.dense ? paddedBytes(elementCount(parameter.shape)) : 0;
    const bytes = TrainedTensor.bytes(parameter, optimizer, comesAsRows(gradient)) + second;
    return { bytes, first: gradient.rows.length > 0 };
  });
  const rows = [...rowWidths.values()].reduce((sum, width) => sum + paddedBytes(width * limits.tokens), 0);
  const parameters = trained.map(({ parameter }) => parameter);
  const each = optimizer === 'adafactor' ? Adafactor.scratchBytes(parameters) : 0;
  const first = rows + largestSum(maskSizes) + paddedBytes(limits.tokens);
  return placeTensors(sizes, { each, first }, memoryLimit);
}
