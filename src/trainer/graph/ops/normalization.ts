import type { Graph, Tensor } from '../graph.ts';
import { sumTo } from './broadcast.ts';
import { mul, sub } from './elementwise.ts';
import { reduceMean } from './reduce.ts';

/**
 * Layer normalisation over the last axis (Ba et al. 2016): `x [tokens, width]`, `weight [width]`, `bias [width]`.
 * Gradient of x, with `x̂` the normalised input and `d = dy · weight`:
 * `(d − mean(d) − x̂ · mean(d · x̂)) / σ`.
 */
export function layerNorm(g: Graph, x: Tensor, weight: Tensor, bias: Tensor, eps: number): Tensor {
  const last = x.shape.length - 1;
  const moments = [...x.shape.slice(0, last), 1];
  const [y, mean, invStd] = g.node(
    'LayerNormalization',
    [x, weight, bias],
    { axis: -1, epsilon: { float: eps } },
    [
      { shape: x.shape, dtype: x.dtype },
      { shape: moments, dtype: 'float32' },
      { shape: moments, dtype: 'float32' },
    ],
  );
  return g.record([x, weight, bias], y!, (dy) => {
    const normalised = mul(g, sub(g, x, mean!), invStd!);
    const d = mul(g, dy, weight);
    const centred = sub(g, d, reduceMean(g, d, [last], true));
    const along = mul(g, normalised, reduceMean(g, mul(g, d, normalised), [last], true));
    return [
      mul(g, sub(g, centred, along), invStd!),
      sumTo(g, mul(g, dy, normalised), weight.shape),
      sumTo(g, dy, bias.shape),
    ];
  });
}

/**
 * Root-mean-square normalisation over the last axis (Zhang & Sennrich 2019; transformers' LlamaRMSNorm):
 * `x / √(mean(x²) + eps) · weight`.
 */
export function rmsNorm(g: Graph, x: Tensor, weight: Tensor, eps: number): Tensor {
  const last = x.shape.length - 1;
  const { y, invRms } = g.lowering.fusedForward
    ? simplifiedLayerNorm(g, x, weight, eps)
    : rmsNormInSteps(g, x, weight, eps);
  const normalisedAgain = () => g.once(`normalised ${y.name}`, () => mul(g, x, invRms));
  if (g.lowering.fusedForward)
    g.repeatable(y, () => g.single('Mul', [normalisedAgain(), weight], {}, y.shape));
  return g.record([x, weight], y, (dy) => {
    const normalised = normalisedAgain();
    const d = mul(g, dy, weight);
    const along = mul(g, normalised, reduceMean(g, mul(g, d, normalised), [last], true));
    return [mul(g, sub(g, d, along), invRms), sumTo(g, mul(g, dy, normalised), weight.shape)];
  });
}

interface Normed {
  readonly y: Tensor;
  /** `[tokens, 1]`. */
  readonly invRms: Tensor;
}

function simplifiedLayerNorm(g: Graph, x: Tensor, weight: Tensor, eps: number): Normed {
  const [y, invRms] = g.node(
    'SimplifiedLayerNormalization',
    [x, weight],
    { axis: -1, epsilon: { float: eps } },
    [
      { shape: x.shape, dtype: x.dtype },
      { shape: [...x.shape.slice(0, -1), 1], dtype: 'float32' },
    ],
  );
  return { y: y!, invRms: invRms! };
}

/** Nothing in here is recorded on its own: the derivative is that of the whole. */
function rmsNormInSteps(g: Graph, x: Tensor, weight: Tensor, eps: number): Normed {
  const meanSquare = reduceMean(g, g.single('Mul', [x, x], {}, x.shape), [x.shape.length - 1], true);
  const shifted = g.single('Add', [meanSquare, g.scalar(eps)], {}, meanSquare.shape);
  const invRms = g.single('Reciprocal', [g.single('Sqrt', [shifted], {}, shifted.shape)], {}, shifted.shape);
  const normalised = g.single('Mul', [x, invRms], {}, x.shape);
  return { y: g.single('Mul', [normalised, weight], {}, x.shape), invRms };
}
