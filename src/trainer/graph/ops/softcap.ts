import type { Graph, Tensor } from '../graph.ts';

/** Holds `x` within ±`cap`: `cap · tanh(x / cap)` (Gemma 2's soft-capping). Derivative: `1 − tanh²`. */
export function softCap(g: Graph, x: Tensor, cap: number): Tensor {
  const t = squash(g, x, cap);
  const y = g.single('Mul', [t, g.scalar(cap)], {}, x.shape);
  return g.record([x], y, (dy) => [slopeBeforeCap(g, dy, t)]);
}

/** `tanh(x / cap)`, without a gradient: {@link softCap} over `cap`. */
export function squash(g: Graph, x: Tensor, cap: number): Tensor {
  return g.single('Tanh', [g.single('Div', [x, g.scalar(cap)], {}, x.shape)], {}, x.shape);
}

/** The gradient of what was soft-capped: `dy · (1 − t²)`, where `t` is what {@link squash} made of it. */
export function slopeBeforeCap(g: Graph, dy: Tensor, t: Tensor): Tensor {
  const op = (name: string, a: Tensor, b: Tensor) => g.single(name, [a, b], {}, t.shape);
  return op('Mul', dy, op('Sub', g.scalar(1), op('Mul', t, t)));
}
