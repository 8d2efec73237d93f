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
  return g.record([x], geluTanhForward(g, x), (dy) => [mul(g, dy, geluTanhAgain(g, x).slope)]);
}

function geluTanhForward(g: Graph, x: Tensor): Tensor {
  // FastGelu wants an axis.
  return g.lowering.fusedForward && x.shape.length > 0
    ? g.single('FastGelu', [x], {}, x.shape, x.dtype, 'com.microsoft')
    : geluTanhAgain(g, x).value;
}

function geluTanhAgain(g: Graph, x: Tensor): ActivationParts {
  const c = Math.sqrt(2 / Math.PI);
  const op = (name: string, a: Tensor, b: Tensor) => g.single(name, [a, b], {}, x.shape);
  const square = op('Mul', x, x);
  const inner = op('Mul', x, op('Add', op('Mul', square, g.scalar(0.044715 * c)), g.scalar(c)));
  const t = g.single('Tanh', [inner], {}, x.shape);
  const onePlus = op('Add', t, g.scalar(1));
  const rest = op('Sub', g.scalar(1), op('Mul', t, t));
  const rate = op('Add', op('Mul', square, g.scalar(3 * 0.044715 * c)), g.scalar(c));
  const right = op('Mul', op('Mul', x, rest), rate);
  return {
    value: op('Mul', op('Mul', x, g.scalar(0.5)), onePlus),
    slope: op('Mul', op('Add', onePlus, right), g.scalar(0.5)),
  };
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
  return g.record([x], siluForward(g, x), (dy) => [mul(g, dy, siluAgain(g, x).slope)]);
}

/** SwiGLU's product (Shazeer 2020): `silu(gate) · up`. */
export function swiglu(g: Graph, gate: Tensor, up: Tensor): Tensor {
  return gated(g, gate, up, siluForward, siluAgain);
}

/** GEGLU's product (Shazeer 2020) with GELU by tanh, as Gemma has it: `geluTanh(gate) · up`. */
export function geglu(g: Graph, gate: Tensor, up: Tensor): Tensor {
  return gated(g, gate, up, geluTanhForward, geluTanhAgain);
}

/** `activation(gate) · up`. Nothing of it is held for the backward pass but its two operands. */
function gated(
  g: Graph,
  gate: Tensor,
  up: Tensor,
  forward: (g: Graph, x: Tensor) => Tensor,
  parts: (g: Graph, x: Tensor) => ActivationParts,
): Tensor {
  const y = g.single('Mul', [forward(g, gate), up], {}, up.shape);
  let made: ActivationParts | undefined;
  const again = () => (made ??= parts(g, gate));
  if (g.lowering.fusedForward) g.repeatable(y, () => g.single('Mul', [again().value, up], {}, up.shape));
  return g.record([gate, up], y, (dy) => [mul(g, mul(g, dy, up), again().slope), mul(g, dy, again().value)]);
}

/** What the backward pass computes again. */
interface ActivationParts {
  readonly value: Tensor;
  readonly slope: Tensor;
}

function siluForward(g: Graph, x: Tensor): Tensor {
  return g.lowering.fusedForward
    ? g.single('QuickGelu', [x], { alpha: { float: 1 } }, x.shape, x.dtype, 'com.microsoft')
    : siluAgain(g, x).value;
}

function siluAgain(g: Graph, x: Tensor): ActivationParts {
  const op = (name: string, ...inputs: Tensor[]) => g.single(name, inputs, {}, x.shape);
  const s = op('Sigmoid', x);
  const value = op('Mul', x, s);
  return { value, slope: op('Mul', s, op('Add', op('Sub', x, value), g.scalar(1))) };
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
