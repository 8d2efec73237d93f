import * as broadcast from '../broadcast.ts';
import { add, mul } from '../elementwise.ts';
import * as reduce from '../reduce.ts';
import * as shape from '../shape.ts';
import { multiplyDims } from '../../shape.ts';
import type { MakeCase } from './op-case.ts';

const threeAxes: (keepdims: boolean, axes: number[]) => MakeCase = (keepdims, axes) => (draw) => ({
  title: `axes ${axes.join(' and ')}${keepdims ? ', kept' : ''}`,
  inputs: { x: draw.floats([draw.dim('rows'), draw.size(), draw.dim('columns')]) },
  build: (g, { x }) => broadcast.reduceSum(g, x!, axes, keepdims),
});

const mean: (keepdims: boolean, axes: number[]) => MakeCase = (keepdims, axes) => (draw) => ({
  title: `axes ${axes.join(' and ')}${keepdims ? ', kept' : ''}`,
  inputs: { x: draw.floats([draw.dim('rows'), draw.size(), draw.size()]) },
  build: (g, { x }) => reduce.reduceMean(g, x!, axes, keepdims),
});

export const broadcastCases: Record<'reduceSum' | 'expandTo' | 'sumTo', MakeCase[]> = {
  reduceSum: [
    threeAxes(false, [0]),
    threeAxes(true, [1]),
    threeAxes(false, [0, 2]),
    threeAxes(true, [0, 1, 2]),
  ],
  expandTo: [
    (draw) => {
      const [rows, columns, width] = [draw.dim('rows'), draw.dim('columns'), draw.size()];
      return {
        title: 'missing axes and axes of one, to sizes that are not known',
        // `more` brings the named size that is repeated to.
        inputs: { x: draw.floats([rows, 1, width]), more: draw.floats([columns]) },
        build: (g, { x, more }) =>
          add(g, broadcast.expandTo(g, x!, [2, rows, columns, width]), broadcast.reduceSum(g, more!, [0])),
      };
    },
    (draw) => {
      const [rows, columns] = [draw.size(2), draw.size()];
      return {
        title: 'to known sizes',
        inputs: { x: draw.floats([1, columns]) },
        build: (g, { x }) => broadcast.expandTo(g, x!, [rows, columns]),
      };
    },
  ],
  sumTo: [
    (draw) => {
      const width = draw.size();
      return {
        title: 'leading axes and axes of one',
        inputs: { x: draw.floats([draw.dim('rows'), draw.size(2), width]) },
        build: (g, { x }) => broadcast.sumTo(g, x!, [1, width]),
      };
    },
    (draw) => ({
      title: 'everything',
      inputs: { x: draw.floats([draw.dim('rows'), draw.size()]) },
      build: (g, { x }) => broadcast.sumTo(g, x!, []),
    }),
  ],
};

export const reduceCases: Record<'reduceMean', MakeCase[]> = {
  reduceMean: [mean(false, [1]), mean(true, [2]), mean(false, [1, 2])],
};

export const shapeCases: Record<keyof typeof shape, MakeCase[]> = {
  sliceColumns: [
    (draw) => {
      const columns = draw.size(3, 6);
      const from = draw.size(0, 1);
      return {
        title: 'some columns of a matrix',
        inputs: { x: draw.floats([draw.dim('rows'), columns]) },
        build: (g, { x }) => shape.sliceColumns(g, x!, from, columns - 1),
      };
    },
  ],
  reshape: [
    (draw) => {
      const [rows, heads, width] = [draw.dim('rows'), draw.size(), draw.size()];
      return {
        title: 'one size that is not known',
        inputs: { x: draw.floats([rows, heads * width]) },
        build: (g, { x }) => shape.reshape(g, x!, [multiplyDims(rows, heads), width]),
      };
    },
    (draw) => {
      const [batch, seq, width] = [draw.dim('batch'), draw.dim('seq'), draw.size()];
      return {
        title: 'two sizes that are not known, from their product',
        inputs: { x: draw.floats([batch, seq, width]) },
        build: (g, { x }) => {
          const flat = shape.reshape(g, x!, [multiplyDims(batch, seq, width)]);
          return shape.reshape(g, flat, [batch, width, seq]);
        },
      };
    },
  ],
  transpose: [
    (draw) => ({
      title: 'four axes',
      inputs: { x: draw.floats([draw.dim('batch'), draw.size(), draw.dim('seq'), draw.size()]) },
      build: (g, { x }) => shape.transpose(g, x!, [2, 0, 3, 1]),
    }),
  ],
  cast: [
    (draw) => ({
      title: 'to float32, which it is',
      inputs: { x: draw.floats([draw.dim('rows')]) },
      build: (g, { x }) => shape.cast(g, x!, 'float32'),
    }),
    (draw) => ({
      title: 'an integer beside a number',
      inputs: { x: draw.floats([draw.dim('rows')]), ids: draw.ids(['rows'], 7) },
      build: (g, { x, ids }) => mul(g, x!, shape.cast(g, ids!, 'float32')),
    }),
  ],
};
