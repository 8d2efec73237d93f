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
  if (g.lowering.forwardOnly) {
    const attributes = { axis: -1, epsilon: { float: eps } };
    return g.single('SimplifiedLayerNormalization', [x, weight], attributes, x.shape);
  }
  const last = x.shape.length - 1;
  // Nothing of the forward pass is recorded on its own: the derivative below is that of the whole.
  const meanSquare = reduceMean(g, g.single('Mul', [x, x], {}, x.shape), [last], true);
  const shifted = g.single('Add', [meanSquare, g.scalar(eps)], {}, meanSquare.shape);
  const invRms = g.single('Reciprocal', [g.single('Sqrt', [shifted], {}, shifted.shape)], {}, shifted.shape);
  const normalised = g.single('Mul', [x, invRms], {}, x.shape);
  const y = g.single('Mul', [normalised, weight], {}, x.shape);
  return g.record([x, weight], y, (dy) => {
    const d = mul(g, dy, weight);
    const along = mul(g, normalised, reduceMean(g, mul(g, d, normalised), [last], true));
    return [mul(g, sub(g, d, along), invRms), sumTo(g, mul(g, dy, normalised), weight.shape)];
  });
}
