import type { Graph, Tensor } from '../graph/graph.ts';
import { add, addScalar, div, mul, sub } from '../graph/ops/elementwise.ts';
import { conv1d, linear } from '../graph/ops/matmul.ts';
import type { LinearLayer, ModelBuilder } from '../models/builder.ts';

/** What LoRA has made of a layer so far. */
export interface AdaptedLayer {
  readonly x: Tensor;
  /** `x` after LoRA's dropout. */
  readonly input: Tensor;
  /** The layer's own output, bias included. */
  readonly y: Tensor;
  /** A `[rank, in]` and B `[out, rank]`. */
  readonly down: Tensor;
  readonly up: Tensor;
  readonly scaling: number;
  /** What LoRA adds, `[rows, out]`. */
  readonly added: Tensor;
}

/**
 * Weight-decomposed low-rank adaptation (Liu et al. 2024, as PEFT 0.21 computes it): with `s = m / ‖W + scale · B A‖` for each
 * row of the weight the output is `y + (s − 1) · x Wᵀ + s · added`. The norm is a constant to the gradient (section 4.3 of the paper).
 */
export function addDora(b: ModelBuilder, layer: LinearLayer, adapted: AdaptedLayer): Tensor {
  const g = b.graph;
  const { x, input, y, added } = adapted;
  const weight = parameterOf(b, `${layer.name}.weight`);
  const magnitude = b.parameter(magnitudeName(layer.name), [layer.outFeatures], 'weight', {
    kind: 'constant',
    value: 1,
  });
  const share = div(g, magnitude, rowNorms(g, layer, weight, adapted));
  // Without dropout what W makes of x is there already; with it PEFT computes it anew from what is left of x.
  const base = input === x ? withoutBias(b, layer, y) : plain(b, layer, input, weight);
  return add(g, y, add(g, mul(g, addScalar(g, share, -1), base), mul(g, share, added)));
}

/** The name of the learnt lengths of a layer's rows, as PEFT saves them. */
export function magnitudeName(layer: string): string {
  return `${layer}.lora_magnitude_vector`;
}

/** Length of each row of `W + scale · B A`, `[out]`; not recorded, so no gradient flows. */
function rowNorms(g: Graph, layer: LinearLayer, weight: Tensor, { down, up, scaling }: AdaptedLayer): Tensor {
  const [a, b, transposed] = layer.fanInFanOut ? [down, up, { transA: 1, transB: 1 }] : [up, down, {}];
  const product = g.single(
    'Gemm',
    [a, b, weight],
    { alpha: { float: scaling }, ...transposed },
    weight.shape,
  );
  const axes = g.constant([layer.fanInFanOut ? 0 : 1], [1], 'int64');
  const squares = g.single('ReduceSumSquare', [product, axes], { keepdims: 0 }, [layer.outFeatures]);
  return g.single('Sqrt', [squares], {}, [layer.outFeatures]);
}

function withoutBias(b: ModelBuilder, layer: LinearLayer, y: Tensor): Tensor {
  const bias = b.parameters.get(`${layer.name}.bias`);
  return bias ? sub(b.graph, y, bias.tensor) : y;
}

function plain(b: ModelBuilder, layer: LinearLayer, x: Tensor, weight: Tensor): Tensor {
  if (!layer.fanInFanOut) return linear(b.graph, x, weight);
  const zeros = b.graph.constant(Array<number>(layer.outFeatures).fill(0), [layer.outFeatures]);
  return conv1d(b.graph, x, weight, zeros);
}

function parameterOf(b: ModelBuilder, name: string): Tensor {
  const parameter = b.parameters.get(name);
  if (!parameter) throw new Error(`an adapter was asked for a layer without ${name}`);
  return parameter.tensor;
}
