import type { Graph, Tensor } from '../graph.ts';

/** Numbers of an AdamW step as scalar tensors, the same for every parameter. */
export interface AdamWScalars {
  /** Factor on every gradient, from clipping. */
  readonly clip: Tensor;
  /** 1 − β1, β2 and 1 − β2. */
  readonly rest1: Tensor;
  readonly beta2: Tensor;
  readonly rest2: Tensor;
  /** lr / (1 − β1^t). */
  readonly stepSize: Tensor;
  /** √(1 − β2^t). */
  readonly rootCorrection: Tensor;
  readonly epsilon: Tensor;
}

export interface AdamWTensors {
  readonly value: Tensor;
  readonly gradient: Tensor;
  readonly expAvg: Tensor;
  readonly expAvgSq: Tensor;
}

/**
 * AdamW for one parameter as ordinary operators, for devices where its state lives: the arithmetic of torch.optim.AdamW,
 * in the order of the CPU's kernel. `decay` is 1 − lr · weight_decay. No gradient flows through it.
 */
export function adamw(
  g: Graph,
  { value, gradient, expAvg, expAvgSq }: AdamWTensors,
  decay: Tensor,
  s: AdamWScalars,
): { value: Tensor; expAvg: Tensor; expAvgSq: Tensor } {
  const { shape } = value;
  const op = (name: string, a: Tensor, b: Tensor) => g.single(name, [a, b], {}, shape);
  const clipped = op('Mul', gradient, s.clip);
  const m = op('Add', expAvg, op('Mul', op('Sub', clipped, expAvg), s.rest1));
  const v = op('Add', op('Mul', expAvgSq, s.beta2), op('Mul', op('Mul', clipped, clipped), s.rest2));
  const denominator = op('Add', op('Div', g.single('Sqrt', [v], {}, shape), s.rootCorrection), s.epsilon);
  const moved = op('Sub', op('Mul', value, decay), op('Div', op('Mul', m, s.stepSize), denominator));
  return { value: moved, expAvg: m, expAvgSq: v };
}

/**
 * `min(1, maxNorm / (norm + 1e-6))` and the global L2 norm, as torch.nn.utils.clip_grad_norm_ has them, of gradients that are `1 / unscale`
 * times too large: the norm is without that, and the factor takes it away.
 */
export function clipFactor(
  g: Graph,
  gradients: readonly Tensor[],
  { maxNorm, unscale }: { readonly maxNorm: Tensor; readonly unscale: Tensor },
): { norm: Tensor; clip: Tensor } {
  const squares = gradients.map((x) =>
    g.single('ReduceSum', [g.single('Mul', [x, x], {}, x.shape)], { keepdims: 0 }, []),
  );
  const sum = squares.reduce((a, b) => g.single('Add', [a, b], {}, []));
  const norm = g.single('Mul', [g.single('Sqrt', [sum], {}, []), unscale], {}, []);
  const ratio = g.single('Div', [maxNorm, g.single('Add', [norm, g.scalar(1e-6)], {}, [])], {}, []);
  const clip = g.single('Min', [ratio, g.scalar(1)], {}, []);
  return { norm, clip: g.single('Mul', [clip, unscale], {}, []) };
}
