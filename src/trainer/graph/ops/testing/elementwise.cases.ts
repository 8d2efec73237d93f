import type { Graph, Tensor } from '../../graph.ts';
import * as activation from '../activation.ts';
import * as elementwise from '../elementwise.ts';
import * as softcap from '../softcap.ts';
import type { Shape } from '../../shape.ts';
import type { Draw, MakeCase } from './op-case.ts';

type Unary = (g: Graph, x: Tensor) => Tensor;
type Binary = (g: Graph, a: Tensor, b: Tensor) => Tensor;

/** One input, with a size that is known and one that is not. */
function unary(op: Unary, positive = false): MakeCase[] {
  return [
    (draw) => {
      const shape = [draw.dim('rows'), draw.size()];
      return {
        title: 'rows of a known width',
        inputs: { x: positive ? draw.positive(shape) : draw.floats(shape) },
        build: (g, { x }) => op(g, x!),
      };
    },
    (draw) => ({
      title: 'a scalar',
      inputs: { x: positive ? draw.positive([]) : draw.floats([]) },
      build: (g, { x }) => op(g, x!),
    }),
  ];
}

/** Two inputs, alike and broadcast in every way that NumPy allows. */
function binary(op: Binary, positive = false): MakeCase[] {
  const shapes: [string, (draw: Draw) => [Shape, Shape]][] = [
    [
      'equal shapes',
      (draw) => {
        const shape = [draw.dim('rows'), draw.size()];
        return [shape, shape];
      },
    ],
    [
      'a bias for each column',
      (draw) => {
        const width = draw.size();
        return [[draw.dim('rows'), width], [width]];
      },
    ],
    [
      'both sides repeated',
      (draw) => [
        [draw.dim('rows'), 1, draw.size()],
        [draw.dim('columns'), 1],
      ],
    ],
    ['a scalar on the left', (draw) => [[], [draw.dim('rows'), draw.size()]]],
    [
      'rows of one number on the right',
      (draw) => [
        [draw.dim('rows'), draw.size(2)],
        [draw.dim('rows'), 1],
      ],
    ],
  ];
  return shapes.map(([title, shapesOf]) => (draw) => {
    const [a, b] = shapesOf(draw);
    return {
      title,
      inputs: { a: draw.floats(a), b: positive ? draw.positive(b) : draw.floats(b) },
      build: (g, inputs) => op(g, inputs['a']!, inputs['b']!),
    };
  });
}

function alike(op: (g: Graph, a: Tensor, b: Tensor) => Tensor): MakeCase {
  return (draw) => {
    const shape = [draw.dim('rows'), draw.size()];
    return {
      title: 'two tensors of one shape',
      inputs: { a: draw.floats(shape), b: draw.floats(shape) },
      build: (g, { a, b }) => op(g, a!, b!),
    };
  };
}

const same: MakeCase = (draw) => ({
  title: 'the same tensor twice',
  inputs: { x: draw.floats([draw.dim('rows'), draw.size()]) },
  build: (g, { x }) => elementwise.mul(g, x!, x!),
});

export const activationCases: Record<keyof typeof activation, MakeCase[]> = {
  gelu: unary(activation.gelu),
  geluTanh: unary(activation.geluTanh),
  tanh: unary(activation.tanh),
  relu: unary(activation.relu),
  silu: unary(activation.silu),
  swiglu: [alike(activation.swiglu)],
  geglu: [alike(activation.geglu)],
  sigmoid: unary(activation.sigmoid),
  logSigmoid: unary(activation.logSigmoid),
};

export const softcapCases: Record<'softCap', MakeCase[]> = {
  softCap: [...unary((g, x) => softcap.softCap(g, x, 0.75)), ...unary((g, x) => softcap.softCap(g, x, 30))],
};

export const elementwiseCases: Record<keyof typeof elementwise, MakeCase[]> = {
  add: binary(elementwise.add),
  sub: binary(elementwise.sub),
  mul: [...binary(elementwise.mul), same],
  div: binary(elementwise.div, true),
  scale: unary((g, x) => elementwise.scale(g, x, -1.75)),
  addScalar: unary((g, x) => elementwise.addScalar(g, x, 0.375)),
  neg: unary(elementwise.neg),
  exp: unary(elementwise.exp),
  log: unary(elementwise.log, true),
  sqrt: unary(elementwise.sqrt, true),
  square: unary(elementwise.square),
};
