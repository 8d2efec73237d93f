import type { Graph, Tensor } from '../graph.ts';
import { broadcastShapes } from '../shape.ts';
import { sumTo } from './broadcast.ts';

/** Element-wise operators with NumPy broadcasting: `[…] float32` in, the broadcast shape out. */

export function add(g: Graph, a: Tensor, b: Tensor): Tensor {
  const y = broadcast(g, 'Add', a, b);
  return g.record([a, b], y, (dy) => [sumTo(g, dy, a.shape), sumTo(g, dy, b.shape)]);
}

export function sub(g: Graph, a: Tensor, b: Tensor): Tensor {
  const y = broadcast(g, 'Sub', a, b);
  return g.record([a, b], y, (dy) => [sumTo(g, dy, a.shape), sumTo(g, neg(g, dy), b.shape)]);
}

export function mul(g: Graph, a: Tensor, b: Tensor): Tensor {
  const y = broadcast(g, 'Mul', a, b);
  return g.record([a, b], y, (dy) => [sumTo(g, mul(g, dy, b), a.shape), sumTo(g, mul(g, dy, a), b.shape)]);
}

export function div(g: Graph, a: Tensor, b: Tensor): Tensor {
  const y = broadcast(g, 'Div', a, b);
  return g.record([a, b], y, (dy) => {
    const da = div(g, dy, b);
    return [sumTo(g, da, a.shape), sumTo(g, neg(g, mul(g, da, y)), b.shape)];
  });
}

/** `x · factor` for a factor known while the graph is built. */
export function scale(g: Graph, x: Tensor, factor: number): Tensor {
  const y = broadcast(g, 'Mul', x, g.scalar(factor));
  return g.record([x], y, (dy) => [scale(g, dy, factor)]);
}

/** `x + value` for a value known while the graph is built. */
export function addScalar(g: Graph, x: Tensor, value: number): Tensor {
  const y = broadcast(g, 'Add', x, g.scalar(value));
  return g.record([x], y, (dy) => [dy]);
}

export function neg(g: Graph, x: Tensor): Tensor {
  return g.record([x], g.single('Neg', [x], {}, x.shape), (dy) => [neg(g, dy)]);
}

export function exp(g: Graph, x: Tensor): Tensor {
  const y = g.single('Exp', [x], {}, x.shape);
  return g.record([x], y, (dy) => [mul(g, dy, y)]);
}

/** Natural logarithm. */
export function log(g: Graph, x: Tensor): Tensor {
  return g.record([x], g.single('Log', [x], {}, x.shape), (dy) => [div(g, dy, x)]);
}

export function sqrt(g: Graph, x: Tensor): Tensor {
  const y = g.single('Sqrt', [x], {}, x.shape);
  return g.record([x], y, (dy) => [div(g, scale(g, dy, 0.5), y)]);
}

export function square(g: Graph, x: Tensor): Tensor {
  const y = broadcast(g, 'Mul', x, x);
  return g.record([x], y, (dy) => [mul(g, scale(g, dy, 2), x)]);
}

function broadcast(g: Graph, op: string, a: Tensor, b: Tensor): Tensor {
  return g.single(op, [a, b], {}, broadcastShapes(a.shape, b.shape), a.dtype);
}
