import type { Dtype } from '../node.ts';
import type { Graph, Tensor } from '../graph.ts';
import { broadcastShapes } from '../shape.ts';

/**
 * A matrix product as torch.autocast has it: float32 operands are rounded to float16, the product is float16, and what comes after it is
 * float32 again. Without mixed precision the product is float32, and `plus` a third operand of it. Nothing is recorded: gradients flow
 * through the product as a whole, and their own products are made the same way.
 * @param plus is added in float32
 */
export function inLowPrecision(
  g: Graph,
  operands: readonly [Tensor, Tensor],
  plus: Tensor | undefined,
  multiply: (operands: readonly Tensor[], dtype: Dtype) => Tensor,
): Tensor {
  const { products } = g.lowering;
  if (products === 'float32') return multiply(plus ? [...operands, plus] : operands, 'float32');
  const half = operands.map((x) => g.once(`half ${x.name}`, () => convert(g, x, 'float16')));
  const y =
    products === 'float16'
      ? multiply(half, 'float16')
      : convert(
          g,
          multiply(
            half.map((x) => g.once(`rounded ${x.name}`, () => convert(g, x, 'float32'))),
            'float32',
          ),
          'float16',
        );
  const product = convert(g, y, 'float32');
  return plus ? g.single('Add', [product, plus], {}, broadcastShapes(product.shape, plus.shape)) : product;
}

function convert(g: Graph, x: Tensor, dtype: 'float16' | 'float32'): Tensor {
  return g.single('Cast', [x], { to: dtype === 'float16' ? 10 : 1 }, x.shape, dtype);
}
