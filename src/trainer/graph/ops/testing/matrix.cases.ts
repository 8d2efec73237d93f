import * as matmul from '../matmul.ts';
import type { MakeCase } from './op-case.ts';

const product: (options: matmul.MatmulOptions) => MakeCase = (options) => (draw) => {
  const { transA = false, transB = false } = options;
  const [batch, heads, m, n] = [draw.dim('batch', 1, 3), draw.size(1, 3), draw.dim('seq'), draw.size()];
  const inner = draw.size();
  return {
    title: `batched, ${JSON.stringify(options)}`,
    inputs: {
      a: draw.floats([batch, heads, ...(transA ? [inner, m] : [m, inner])]),
      b: draw.floats([batch, heads, ...(transB ? [n, inner] : [inner, n])]),
    },
    build: (g, { a, b }) => matmul.matmul(g, a!, b!, options),
  };
};

const plain: MakeCase = (draw) => {
  const [rows, inner, columns] = [draw.dim('rows'), draw.size(), draw.dim('columns')];
  return {
    title: 'two matrices',
    inputs: { a: draw.floats([rows, inner]), b: draw.floats([inner, columns]) },
    build: (g, { a, b }) => matmul.matmul(g, a!, b!),
  };
};

const linear: (bias: boolean) => MakeCase = (bias) => (draw) => {
  const [inFeatures, outFeatures] = [draw.size(), draw.size()];
  return {
    title: bias ? 'with a bias' : 'without a bias',
    inputs: {
      x: draw.floats([draw.dim('tokens'), inFeatures]),
      weight: draw.floats([outFeatures, inFeatures]),
      ...(bias ? { bias: draw.floats([outFeatures]) } : {}),
    },
    build: (g, inputs) => matmul.linear(g, inputs['x']!, inputs['weight']!, inputs['bias']),
  };
};

const conv1d: MakeCase = (draw) => {
  const [inFeatures, outFeatures] = [draw.size(), draw.size()];
  return {
    title: 'a weight of inputs by outputs',
    inputs: {
      x: draw.floats([draw.dim('tokens'), inFeatures]),
      weight: draw.floats([inFeatures, outFeatures]),
      bias: draw.floats([outFeatures]),
    },
    build: (g, { x, weight, bias }) => matmul.conv1d(g, x!, weight!, bias!),
  };
};

export const matmulCases: Record<keyof typeof matmul, MakeCase[]> = {
  matmul: [
    plain,
    product({}),
    product({ transA: true }),
    product({ transB: true, alpha: 0.375 }),
    product({ transA: true, transB: true, alpha: -2 }),
  ],
  linear: [linear(true), linear(false)],
  conv1d: [conv1d],
};
