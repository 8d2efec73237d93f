import { linearNf4, NF4_BLOCK } from '../quantized.ts';
import type { MakeCase } from './op-case.ts';

const nf4: (bias: boolean) => MakeCase = (bias) => (draw) => {
  const [outFeatures, inFeatures] = [2 * draw.size(1, 3), NF4_BLOCK / 2];
  const size = outFeatures * inFeatures;
  return {
    title: bias ? 'with a bias' : 'without a bias',
    inputs: {
      x: draw.floats([draw.dim('rows', 1, 3), inFeatures]),
      bytes: draw.ids([size / 2], 256),
      absmax: { ...draw.positive([size / NF4_BLOCK]), differentiated: false },
      ...(bias ? { bias: draw.floats([outFeatures]) } : {}),
    },
    build: (g, { x, bytes, absmax, bias: offset }) => {
      const packed = g.single('Cast', [bytes!], { to: 2 }, bytes!.shape, 'uint8');
      return linearNf4(g, x!, { packed, absmax: absmax!, outFeatures, inFeatures }, offset);
    },
  };
};

export const quantizedCases: Record<'linearNf4', MakeCase[]> = { linearNf4: [nf4(false), nf4(true)] };
