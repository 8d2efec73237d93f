import type { Graph, Tensor } from '../graph.ts';
import { add, mul, scale } from './elementwise.ts';

/**
 * GELU, exact: `x · Φ(x)` with the error function (Hendrycks & Gimpel 2016; `hidden_act: gelu` in transformers).
 * Derivative: `Φ(x) + x · φ(x)`. Written with `z = x / √2` as `½ · (1 + erf(z) + z · e^(ln(2/√π) − z²))`, which
 * takes the fewest passes over memory.
 */
export function gelu(g: Graph, x: Tensor): Tensor {
  const y = g.single('Gelu', [x], {}, x.shape, x.dtype, g.lowering.contribGelu ? 'com.microsoft' : '');
  return g.record([x], y, (dy) => {
    const z = scale(g, x, Math.SQRT1_2);
    const exponent = g.single('Sub', [g.scalar(Math.log(2 / Math.sqrt(Math.PI))), mul(g, z, z)], {}, x.shape);
    const density = mul(g, z, g.single('Exp', [exponent], {}, x.shape));
    const slope = add(g, g.single('Erf', [z], {}, x.shape), density);
    const half = scale(g, dy, 0.5);
    return [add(g, mul(g, half, slope), half)];
  });
}

/**
 * GELU by tanh (`hidden_act: gelu_new`, `gelu_pytorch_tanh`): `½ x (1 + tanh(√(2/π) (x + 0.044715 x³)))`.
 */
export function geluTanh(g: Graph, x: Tensor): Tensor {
  if (g.lowering.forwardOnly) return g.single('FastGelu', [x], {}, x.shape, x.dtype, 'com.microsoft');
  const c = Math.sqrt(2 / Math.PI);
  // What the forward pass computes is not recorded piece by piece: the derivative below is that of the whole.
  const op = (name: string, a: Tensor, b: Tensor) => g.single(name, [a, b], {}, x.shape);
  const square = op('Mul', x, x);
  const inner = op('Mul', x, op('Add', op('Mul', square, g.scalar(0.044715 * c)), g.scalar(c)));
  const t = g.single('Tanh', [inner], {}, x.shape);
  const onePlus = op('Add', t, g.scalar(1));
  const y = op('Mul', op('Mul', x, g.scalar(0.5)), onePlus);
  return g.record([x], y, (dy) => {
    const slope = op('Sub', g.scalar(1), mul(g, t, t));
    const rate = op('Add', scale(g, square, 3 * 0.044715 * c), g.scalar(c));
    const right = mul(g, mul(g, x, slope), rate);
    return [mul(g, scale(g, dy, 0.5), add(g, onePlus, right))];
  });
}

export function tanh(g: Graph, x: Tensor): Tensor {
  const y = g.single('Tanh', [x], {}, x.shape);
  return g.record([x], y, (dy) => [mul(g, dy, g.single('Sub', [g.scalar(1), mul(g, y, y)], {}, x.shape))]);
}

export function relu(g: Graph, x: Tensor): Tensor {
  const y = g.single('Relu', [x], {}, x.shape);
  return g.record([x], y, (dy) => [mul(g, dy, g.single('Sign', [y], {}, x.shape))]);
}

/** SiLU, or swish: `x · σ(x)`. Derivative: `σ(x) · (1 + x · (1 − σ(x)))`. */
export function silu(g: Graph, x: Tensor): Tensor {
  const s = g.single('Sigmoid', [x], {}, x.shape);
  const y = g.single('Mul', [x, s], {}, x.shape);
  return g.record([x], y, (dy) => {
    const rest = g.single('Sub', [x, y], {}, x.shape);
    const slope = g.single('Mul', [s, g.single('Add', [rest, g.scalar(1)], {}, x.shape)], {}, x.shape);
    return [mul(g, dy, slope)];
  });
}

/** `σ(x) = 1 / (1 + e^−x)`. Derivative: `σ(x) · (1 − σ(x))`. */
export function sigmoid(g: Graph, x: Tensor): Tensor {
  const y = g.single('Sigmoid', [x], {}, x.shape);
  return g.record([x], y, (dy) => {
    const rest = g.single('Sub', [g.scalar(1), y], {}, x.shape);
    return [mul(g, dy, g.single('Mul', [y, rest], {}, x.shape))];
  });
}

/** `ln σ(x) = min(x, 0) − ln(1 + e^−|x|)`, which overflows nowhere. Derivative: `σ(−x)`. */
export function logSigmoid(g: Graph, x: Tensor): Tensor {
  const op = (name: string, ...inputs: Tensor[]) => g.single(name, inputs, {}, x.shape);
  const softplus = op('Log', op('Add', op('Exp', op('Neg', op('Abs', x))), g.scalar(1)));
  const y = op('Sub', op('Min', x, g.scalar(0)), softplus);
  return g.record([x], y, (dy) => [mul(g, dy, op('Sigmoid', op('Neg', x)))]);
}
