import { CPU_LOWERING, WEBGPU_LOWERING, type Lowering } from '../graph/graph.ts';

/**
 * How a graph is written for a device.
 * @param float16 mixed precision; onnxruntime's processor provider has no float16 products on x64, and would leave the rounding out where
 *   it finds such a node alone, so there operands and results are rounded and the product is float32
 */
export function loweringOf(device: string, float16 = false): Lowering {
  // What other providers than the processor's make of its own operators has not been tried.
  const onProcessor = device === 'cpu';
  const lowering =
    device === 'webgpu'
      ? WEBGPU_LOWERING
      : {
          ...CPU_LOWERING,
          fusedForward: onProcessor,
          sumsByProduct: onProcessor,
          waitsForElements: onProcessor,
        };
  if (!float16) return lowering;
  return { ...lowering, products: device === 'cpu' ? 'rounded' : 'float16' };
}
