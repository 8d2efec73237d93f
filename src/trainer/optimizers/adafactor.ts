import type { Buffer32, NumericMemory } from '../kernels/kernels.ts';
import { paddedBytes } from '../kernels/kernels.ts';
import type { Parameter } from '../models/parameter.ts';
import { isFactored } from './optimizer-state.ts';
import { decayOf, type TensorOptimizer, type UpdateFactors } from './optimizer.ts';
import type { TrainedTensor } from './trained-tensor.ts';

/** Added to squared gradients: `eps[0]`. */
const TINY = 1e-30;
/** The root mean square that an update may have: `clip_threshold`. */
const CLIP_THRESHOLD = 1;
const DECAY_RATE = -0.8;

/** How much of the former second moment Adafactor keeps at its step `update`, from 1: β2 = 1 − t^−0.8. */
export function secondMomentKept(update: number): number {
  return 1 - update ** DECAY_RATE;
}

/** What is computed on the way, of the largest matrix of a memory. */
interface Scratch {
  readonly rowFactors: Buffer32;
  readonly columnFactors: Buffer32;
  /** Float64, twice as wide. */
  readonly columnSums: Buffer32;
}

/** A matrix seen as a stretch of rows that has gradients. */
interface Rows {
  readonly first: number;
  readonly count: number;
}

/**
 * Adafactor (Shazeer & Stern 2018) as transformers' Trainer sets `transformers.optimization.Adafactor` up: `scale_parameter=False`,
 * `relative_step=False`, no first moment, `clip_threshold=1.0`, `decay_rate=-0.8`, `eps[0]=1e-30`; weights decay by lr · weight_decay.
 */
export class Adafactor implements TensorOptimizer {
  readonly #scratch: ReadonlyMap<NumericMemory, Scratch>;

  constructor(memories: readonly NumericMemory[], parameters: readonly Parameter[]) {
    const [rows, columns] = largestSides(parameters);
    this.#scratch = new Map(
      memories.map((memory) => [
        memory,
        {
          rowFactors: memory.allocate(rows),
          columnFactors: memory.allocate(columns),
          columnSums: memory.allocate(2 * columns),
        },
      ]),
    );
  }

  /** Bytes of numeric memory for what is computed on the way. */
  static scratchBytes(parameters: readonly Parameter[]): number {
    const [rows, columns] = largestSides(parameters);
    return paddedBytes(rows) + paddedBytes(columns) + paddedBytes(2 * columns);
  }

  update(tensors: readonly TrainedTensor[], factors: UpdateFactors): void {
    for (const tensor of tensors) {
      if (isFactored(tensor.parameter)) this.#updateMatrix(tensor, factors);
      else this.#updateVector(tensor, factors);
    }
  }

  #updateVector(tensor: TrainedTensor, factors: UpdateFactors): void {
    const { values, gradient, memory } = tensor;
    const { kernels } = memory;
    const { clip, update, learningRate } = factors;
    const moment = tensor.stateOf('exp_avg_sq');
    const kept = secondMomentKept(update);
    const squares = kernels.vectorSquares(
      gradient.pointer,
      moment.pointer,
      values.padded,
      clip,
      kept,
      1 - kept,
    );
    const step = clip * clippedRate(learningRate, squares, values.length);
    kernels.vectorStep(
      values.pointer,
      gradient.pointer,
      moment.pointer,
      values.padded,
      decayOf(tensor.parameter, factors),
      step,
    );
  }

  #updateMatrix(tensor: TrainedTensor, factors: UpdateFactors): void {
    const { values, gradient, memory } = tensor;
    const { kernels } = memory;
    const { clip, update, learningRate } = factors;
    const scratch = this.#scratch.get(memory)!;
    const [height = 0, width = 0] = tensor.parameter.shape;
    const stretches = usedStretches(tensor, height);
    const kept = secondMomentKept(update);
    const [rowFactors, columnFactors] = [scratch.rowFactors.pointer, scratch.columnFactors.pointer];
    const [rows, columns] = [tensor.stateOf('exp_avg_sq_row').data, tensor.stateOf('exp_avg_sq_col').data];

    const rowMeans = scratch.rowFactors.data.fill(0, 0, height);
    const columnSums = new Float64Array(rowMeans.buffer, scratch.columnSums.pointer, width).fill(0);
    for (const { first, count } of stretches)
      kernels.meanSquares(
        gradient.pointer + 4 * first * width,
        count,
        width,
        clip,
        rowFactors + 4 * first,
        columnSums.byteOffset,
      );
    let sum = 0;
    for (let r = 0; r < height; r++) {
      rows[r] = rows[r]! * kept + (rowMeans[r]! + TINY) * (1 - kept);
      sum += rows[r]!;
    }
    for (let c = 0; c < width; c++) {
      columns[c] = columns[c]! * kept + (columnSums[c]! / height + TINY) * (1 - kept);
      scratch.columnFactors.data[c] = 1 / Math.sqrt(columns[c]!);
    }
    const mean = sum / height;
    for (let r = 0; r < height; r++) scratch.rowFactors.data[r] = 1 / Math.sqrt(rows[r]! / mean);

    let squares = 0;
    for (const { first, count } of stretches)
      squares += kernels.factoredSquares(
        gradient.pointer + 4 * first * width,
        count,
        width,
        clip,
        rowFactors + 4 * first,
        columnFactors,
      );
    const step = clip * clippedRate(learningRate, squares, height * width);
    const decay = decayOf(tensor.parameter, factors);
    // Rows without a gradient only decay.
    if (decay !== 1) kernels.scaleBy(values.pointer, values.padded, decay);
    for (const { first, count } of stretches) {
      const at = 4 * first * width;
      kernels.factoredStep(
        values.pointer + at,
        gradient.pointer + at,
        count,
        width,
        step,
        rowFactors + 4 * first,
        columnFactors,
      );
    }
  }
}

/** The learning rate of an update whose squares have that sum: less where their root mean is above the threshold. */
function clippedRate(learningRate: number, squares: number, elements: number): number {
  return learningRate / Math.max(1, Math.sqrt(squares / elements) / CLIP_THRESHOLD);
}

function usedStretches({ touchedRows }: TrainedTensor, height: number): Rows[] {
  if (!touchedRows) return [{ first: 0, count: height }];
  return [...touchedRows].map((first) => ({ first, count: 1 }));
}

function largestSides(parameters: readonly Parameter[]): [number, number] {
  const matrices = parameters.filter(isFactored);
  const side = (axis: number) => Math.max(1, ...matrices.map(({ shape }) => shape[axis] ?? 1));
  return [side(0), side(1)];
}
