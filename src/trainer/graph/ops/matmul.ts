import type { Graph, Tensor } from '../graph.ts';
import { broadcastShapes, equalShapes, formatShape, type Dim } from '../shape.ts';
import { reduceSum } from './broadcast.ts';
import { inLowPrecision } from './precision.ts';
import { transpose } from './shape.ts';

export interface MatmulOptions {
  /** Use the transpose of the last two axes of `a`, or of `b`, without moving data where the device can. */
  readonly transA?: boolean;
  readonly transB?: boolean;
  /** The product is multiplied by this. */
  readonly alpha?: number;
}

/** Batched matrix product `[…, m, k] × […, k, n] → […, m, n] float32`. */
export function matmul(g: Graph, a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transA = false, transB = false, alpha = 1 } = options;
  const y = product(g, a, b, { transA, transB, alpha });
  return g.record([a, b], y, (dy) => {
    if (!equalShapes(a.shape.slice(0, -2), b.shape.slice(0, -2))) {
      throw new Error(
        `no gradient for a matrix product that broadcasts ${formatShape(a.shape)} and ${formatShape(b.shape)}`,
      );
    }
    const da = transA
      ? matmul(g, b, dy, { transA: transB, transB: true, alpha })
      : matmul(g, dy, b, { transB: !transB, alpha });
    const db = transB
      ? matmul(g, dy, a, { transA: true, transB: transA, alpha })
      : matmul(g, a, dy, { transA: !transA, alpha });
    return [da, db];
  });
}

/**
 * A linear layer on rows: `x [tokens, in] · weightᵀ + bias → [tokens, out] float32`, with the weight as Hugging Face
 * stores it, `[out, in]`.
 */
export function linear(g: Graph, x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const y = gemm(g, x, weight, { transB: true }, bias);
  const inputs = bias ? [x, weight, bias] : [x, weight];
  return g.record(inputs, y, (dy) => [
    gemm(g, dy, weight, {}),
    gemm(g, dy, g.again(x), { transA: true }),
    ...(bias ? [reduceSum(g, dy, [0])] : []),
  ]);
}

/**
 * A linear layer whose weight lies the other way round, as transformers' Conv1D of GPT-2 has it:
 * `x [rows, in] · weight [in, out] + bias [out]`.
 */
export function conv1d(g: Graph, x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const y = gemm(g, x, weight, {}, bias);
  return g.record([x, weight, bias], y, (dy) => [
    gemm(g, dy, weight, { transB: true }),
    gemm(g, g.again(x), dy, { transA: true }),
    reduceSum(g, dy, [0]),
  ]);
}

/** Two-dimensional product through ONNX Gemm, which takes transposed operands and the bias in one pass. */
function gemm(g: Graph, a: Tensor, b: Tensor, options: MatmulOptions, bias?: Tensor): Tensor {
  const { transA = false, transB = false, alpha = 1 } = options;
  const [rows, inner] = ends(a, transA);
  const [innerB, columns] = ends(b, transB);
  if (inner !== innerB)
    throw new Error(`the shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} do not multiply`);
  const attributes = { transA: transA ? 1 : 0, transB: transB ? 1 : 0, alpha: { float: alpha } };
  return inLowPrecision(g, [a, b], bias, (operands, dtype) =>
    g.single('Gemm', operands, attributes, [rows, columns], dtype),
  );
}

function product(g: Graph, a: Tensor, b: Tensor, options: Required<MatmulOptions>): Tensor {
  const { transA, transB, alpha } = options;
  const [rows, inner] = ends(a, transA);
  const [innerB, columns] = ends(b, transB);
  if (inner !== innerB)
    throw new Error(`the shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} do not multiply`);
  const shape = [...broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns];
  if (g.lowering.fusedMatMul) {
    const attributes = { transA: transA ? 1 : 0, transB: transB ? 1 : 0, alpha: { float: alpha } };
    return inLowPrecision(g, [a, b], undefined, (operands, dtype) =>
      g.single('FusedMatMul', operands, attributes, shape, dtype, 'com.microsoft'),
    );
  }
  // Before the product: float16 would overflow sooner behind it.
  const scaled = alpha === 1 ? a : g.single('Mul', [a, g.scalar(alpha)], {}, a.shape);
  const left = transA ? swapLast(g, scaled) : scaled;
  const right = transB ? swapLast(g, b) : b;
  return inLowPrecision(g, [left, right], undefined, (operands, dtype) =>
    g.single('MatMul', operands, {}, shape, dtype),
  );
}

function swapLast(g: Graph, x: Tensor): Tensor {
  const rank = x.shape.length;
  return transpose(g, x, [...Array(rank - 2).keys(), rank - 1, rank - 2]);
}

/** Rows and columns of a matrix as it takes part in the product. */
function ends(x: Tensor, transposed: boolean): [Dim, Dim] {
  const rows = x.shape[x.shape.length - 2] ?? 1;
  const columns = x.shape[x.shape.length - 1] ?? 1;
  return transposed ? [columns, rows] : [rows, columns];
}
