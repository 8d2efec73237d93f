import type { Graph, RowGradient, Tensor } from './graph.ts';
import { add } from './ops/elementwise.ts';
import { formatShape, equalShapes } from './shape.ts';

/** What a tensor's gradient is made of: a dense part, parts that touch only some rows, or both (tied embeddings). */
export interface Gradient {
  dense?: Tensor;
  rows: RowGradient[];
}

export interface BackwardOptions {
  /** The gradient of what is differentiated, where it is no scalar: a part of a larger computation. */
  readonly upstream?: Tensor;
  /** Tensors whose own history is not looked at. */
  readonly leaves?: readonly Tensor[];
}

/**
 * Reverse-mode differentiation (Griewank & Walther 2008, ch. 3): writes into the graph the gradient of the scalar
 * `loss` with respect to each tensor of `wrt`. Nodes for gradients that nobody asked for are left out when the graph
 * is encoded. A tensor that the loss does not depend on gets a gradient without parts.
 */
export function backward(
  g: Graph,
  loss: Tensor,
  wrt: readonly Tensor[],
  { upstream, leaves = [] }: BackwardOptions = {},
): Map<Tensor, Gradient> {
  if (!upstream && loss.shape.length !== 0)
    throw new Error(`a loss is a scalar, not ${formatShape(loss.shape)}`);
  const entries = [...g.tape];
  const reached = new Set<Tensor>(wrt);
  for (const { inputs, output } of entries) {
    if (inputs.some((input) => reached.has(input))) reached.add(output);
  }

  const gradients = new Map<Tensor, Gradient>();
  const gradientOf = (tensor: Tensor): Gradient => {
    let gradient = gradients.get(tensor);
    if (!gradient) gradients.set(tensor, (gradient = { rows: [] }));
    return gradient;
  };
  gradientOf(loss).dense = upstream ?? g.scalar(1);

  for (const { inputs, output, backward: undo } of entries.reverse()) {
    const dy = gradients.get(output)?.dense;
    if (!dy || leaves.includes(output) || !inputs.some((input) => reached.has(input))) continue;
    undo(dy).forEach((part, i) => {
      const input = inputs[i]!;
      if (part && reached.has(input)) accumulate(g, gradientOf(input), part, input);
    });
  }
  return new Map(wrt.map((tensor) => [tensor, gradientOf(tensor)]));
}

function accumulate(g: Graph, gradient: Gradient, part: Tensor | RowGradient, of: Tensor): void {
  if ('rows' in part) {
    gradient.rows.push(part);
    return;
  }
  if (!equalShapes(part.shape, of.shape)) {
    throw new Error(
      `the gradient of ${of.name} ${formatShape(of.shape)} came out as ${formatShape(part.shape)}`,
    );
  }
  gradient.dense = gradient.dense ? add(g, gradient.dense, part) : part;
}
