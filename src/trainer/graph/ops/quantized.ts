import type { Graph, Tensor } from '../graph.ts';
import { add } from './elementwise.ts';

/** Weights that share one scale. */
export const NF4_BLOCK = 64;

/**
 * The sixteen values of 4-bit NormalFloat (Dettmers et al. 2023), as bitsandbytes has them: quantiles of a normal distribution
 * within −1 and 1, and zero.
 */
export const NF4_VALUES: readonly number[] = [
  -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
  -0.18477343022823334, -0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725,
  0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1,
];

/** A frozen weight `[out, in]` in 4 bits, row after row as bitsandbytes packs it. */
export interface QuantizedWeight {
  /** `[out · in / 2] uint8`: two weights a byte, the first in the upper half. */
  readonly packed: Tensor;
  /** `[out · in / 64] float32`: the largest size in each block of 64, which the values are multiplied by. */
  readonly absmax: Tensor;
  readonly outFeatures: number;
  readonly inFeatures: number;
}

/**
 * A linear layer on a frozen 4-bit weight: `x [rows, in] · Wᵀ + bias → [rows, out] float32`. The weight is unpacked for the product
 * and forgotten, in the backward pass again: no pass holds more than one of them in 32 bits.
 */
export function linearNf4(g: Graph, x: Tensor, weight: QuantizedWeight, bias?: Tensor): Tensor {
  const { packed, absmax, outFeatures: N, inFeatures: K } = weight;
  const rows = x.shape[0] ?? 1;
  const attributes = { K, N, block_size: NF4_BLOCK, quant_type: 1, training_mode: 1, transB: 1 };
  const y = g.single('MatMulBnb4', [x, packed, absmax], attributes, [rows, N], 'float32', 'com.microsoft');
  g.record([x], y, (dy) => [g.single('Gemm', [dy, dequantizeNf4(g, weight, dy)], {}, [rows, K])]);
  return bias ? add(g, y, bias) : y;
}

/**
 * The weight in 32 bits, `[out, in]`, without a gradient.
 * @param after the weight is not unpacked before this is computed; otherwise the runtime could unpack all of them first
 */
function dequantizeNf4(g: Graph, weight: QuantizedWeight, after: Tensor): Tensor {
  const { packed, absmax, outFeatures, inFeatures } = weight;
  const blocks = (outFeatures * inFeatures) / NF4_BLOCK;
  const int64 = (values: number[]) => g.constant(values, [values.length], 'int64');
  const [bytes = 1] = packed.shape;
  // Both halves of each byte at once: a table of pairs.
  const pairs = NF4_VALUES.flatMap((upper) => NF4_VALUES.flatMap((lower) => [upper, lower]));
  const index = g.single('Cast', [packed], { to: 6 }, packed.shape, 'int32');
  const values = g.single('Gather', [g.constant(pairs, [256, 2]), index], { axis: 0 }, [bytes, 2]);
  const rows = g.single('Reshape', [values, int64([blocks, NF4_BLOCK])], {}, [blocks, NF4_BLOCK]);
  const length = g.single('Shape', [after], { start: 0, end: 1 }, [1], 'int64');
  const one = g.single('Cast', [g.single('Min', [length, int64([1])], {}, [1], 'int64')], { to: 1 }, [1]);
  const scales = g.single('Mul', [absmax, one], {}, absmax.shape);
  const column = g.single('Unsqueeze', [scales, int64([1])], {}, [blocks, 1]);
  const scaled = g.single('Mul', [rows, column], {}, rows.shape);
  return g.single('Reshape', [scaled, int64([outFeatures, inFeatures])], {}, [outFeatures, inFeatures]);
}
