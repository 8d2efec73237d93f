import type { Graph, Tensor } from '../graph.ts';
import type { Dtype } from '../node.ts';
import { equalShapes, formatShape, sizeOf, type Shape } from '../shape.ts';

/** The same elements in the same order under another shape. */
export function reshape(g: Graph, x: Tensor, shape: Shape): Tensor {
  if (equalShapes(x.shape, shape)) return x;
  if (sizeOf(x.shape) !== sizeOf(shape)) {
    throw new Error(`${formatShape(x.shape)} cannot be reshaped to ${formatShape(shape)}`);
  }
  const y = g.single('Reshape', [x, g.shapeTensor(shape)], {}, shape, x.dtype);
  return g.record([x], y, (dy) => [reshape(g, dy, x.shape)]);
}

/** Reorders axes: axis `i` of the result is axis `permutation[i]` of `x`. */
export function transpose(g: Graph, x: Tensor, permutation: readonly number[]): Tensor {
  const shape = permutation.map((axis) => x.shape[axis] ?? 1);
  const y = g.single('Transpose', [x], { perm: permutation }, shape, x.dtype);
  const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
  return g.record([x], y, (dy) => [transpose(g, dy, inverse)]);
}

/** Columns `from` to `to` − 1 of `x [rows, columns]`. Gradient: the same columns, zeros beside them. */
export function sliceColumns(g: Graph, x: Tensor, from: number, to: number): Tensor {
  const [rows = 1, columns = 1] = x.shape;
  const one = (value: number) => g.constant([value], [1], 'int64');
  const y = g.single('Slice', [x, one(from), one(to), one(1)], {}, [rows, to - from]);
  const beside = g.constant([0, from, 0, Number(columns) - to], [4], 'int64');
  return g.record([x], y, (dy) => [g.single('Pad', [dy, beside], {}, x.shape)]);
}

/** Converts elements. Gradients flow between floating-point types only. */
export function cast(g: Graph, x: Tensor, dtype: Dtype): Tensor {
  if (x.dtype === dtype) return x;
  const numbers: Partial<Record<Dtype, number>> = {
    float32: 1,
    int32: 6,
    int64: 7,
    bool: 9,
    float16: 10,
    float64: 11,
    bfloat16: 16,
  };
  const y = g.single('Cast', [x], { to: numbers[dtype] ?? 1 }, x.shape, dtype);
  return isFloat(x.dtype) && isFloat(dtype) ? g.record([x], y, (dy) => [cast(g, dy, x.dtype)]) : y;
}

function isFloat(dtype: Dtype): boolean {
  return dtype === 'float32' || dtype === 'float16' || dtype === 'bfloat16';
}
