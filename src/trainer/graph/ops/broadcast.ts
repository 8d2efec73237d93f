import type { Graph, Tensor } from '../graph.ts';
import { equalShapes, type Dim, type Shape } from '../shape.ts';
import { reshape } from './shape.ts';

/** Repeating and summing over axes: each is the gradient of the other. */

/** Sums over `axes` (counted from 0). `[…] float32`; with `keepdims` the summed axes stay as 1. */
export function reduceSum(g: Graph, x: Tensor, axes: readonly number[], keepdims = false): Tensor {
  const [rows = 1] = x.shape;
  const ofRows = x.shape.length === 2 && axes.length === 1 && axes[0] === 0 && g.knowsSize(rows);
  const y =
    ofRows && g.lowering.sumsByProduct
      ? sumOfRows(g, x, keepdims)
      : reduce(g, 'ReduceSum', x, axes, keepdims);
  return g.record([x], y, (dy) => {
    const kept = keepdims ? dy : reshape(g, dy, reducedShape(x.shape, axes, true));
    return [expandTo(g, kept, x.shape)];
  });
}

/** `[rows, width] → [1, width]`, or `[width]`: a product with ones. */
function sumOfRows(g: Graph, x: Tensor, keepdims: boolean): Tensor {
  const [rows = 1, width = 1] = x.shape;
  const ones = g.once(`ones ${rows}`, () => expandTo(g, g.constant([1], [1, 1]), [1, rows]));
  const sum = g.single('Gemm', [ones, x], {}, [1, width]);
  return keepdims ? sum : g.single('Reshape', [sum, g.shapeTensor([width])], {}, [width]);
}

/** Repeats axes of size 1 (and missing leading axes) until `x` has `shape`. */
export function expandTo(g: Graph, x: Tensor, shape: Shape): Tensor {
  if (equalShapes(x.shape, shape)) return x;
  const lengths = shape.map((dim) => g.dimTensor(dim));
  const target = shape.every((dim) => typeof dim === 'number')
    ? g.constant(shape.map(Number), [shape.length], 'int64')
    : g.single('Concat', lengths, { axis: 0 }, [shape.length], 'int64');
  const y = g.single('Expand', [x, target], {}, shape, x.dtype);
  return g.record([x], y, (dy) => [sumTo(g, dy, x.shape)]);
}

/** The gradient of a broadcast: sums `x` over the axes along which `shape` was repeated. */
export function sumTo(g: Graph, x: Tensor, shape: Shape): Tensor {
  if (equalShapes(x.shape, shape)) return x;
  const lead = x.shape.length - shape.length;
  const axes = x.shape.flatMap((dim, i) => (i < lead || (shape[i - lead] === 1 && dim !== 1) ? [i] : []));
  const summed = reduceSum(g, x, axes, true);
  return equalShapes(summed.shape, shape) ? summed : reshape(g, summed, shape);
}

/** One ONNX reduction; its gradient is up to the caller. */
export function reduce(g: Graph, op: string, x: Tensor, axes: readonly number[], keepdims: boolean): Tensor {
  const axesTensor = g.constant(axes, [axes.length], 'int64');
  return g.single(
    op,
    [x, axesTensor],
    { keepdims: keepdims ? 1 : 0 },
    reducedShape(x.shape, axes, keepdims),
    x.dtype,
  );
}

/** The shape that is left after a reduction. */
export function reducedShape(shape: Shape, axes: readonly number[], keepdims: boolean): Shape {
  return shape.flatMap((dim, i): Dim[] => (axes.includes(i) ? (keepdims ? [1] : []) : [dim]));
}
