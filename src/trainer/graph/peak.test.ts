import assert from 'node:assert/strict';
import { backward } from './backward.ts';
import { Graph } from './graph.ts';
import { swiglu } from './ops/activation.ts';
import { reduceSum } from './ops/broadcast.ts';
import { add, mul } from './ops/elementwise.ts';
import { linear } from './ops/matmul.ts';
import { rmsNorm } from './ops/normalization.ts';
import { reshape } from './ops/shape.ts';
import { peakBytes } from './peak.ts';

describe('the memory that a graph needs', () => {
  it('is what lies between inputs and outputs at once: what nobody reads any more is not counted', () => {
    const g = new Graph();
    const x = g.input('x', ['rows', 4]);
    // a and b at once, then b and c, then c alone.
    const a = mul(g, x, x);
    const b = mul(g, a, x);
    const c = mul(g, b, b);
    g.output('y', add(g, c, x));
    assert.equal(peakBytes(g, { rows: 10 }), 2 * 10 * 4 * 4);
  });

  it('keeps what is read late, and counts a view of it once', () => {
    const g = new Graph();
    const x = g.input('x', [8]);
    const early = mul(g, x, x);
    const view = reshape(g, early, [2, 4]);
    const next = mul(g, view, view);
    const later = mul(g, next, next);
    const flat = reshape(g, later, [8]);
    g.output('y', add(g, flat, early));
    assert.equal(peakBytes(g, {}), 3 * 8 * 4);
  });

  it('takes the parts of a vocabulary as equal shares of the targets', () => {
    const g = new Graph();
    const x = g.input('x', ['targets', 4]);
    const first = g.single('Slice', [x], {}, ['part0', 4]);
    const second = g.single('Slice', [x], {}, ['part1', 4]);
    g.output('y', g.single('Concat', [first, second], { axis: 0 }, x.shape));
    assert.equal(peakBytes(g, { targets: 10 }), 10 * 4 * 4);
  });

  it('does not hold what the backward pass of a layer can compute again', () => {
    const g = new Graph();
    const [x, up] = [g.input('x', ['rows', 4]), g.input('up', ['rows', 4])];
    const [scale, weight] = [g.input('scale', [4]), g.input('weight', [4, 4])];
    const read = [rmsNorm(g, x, scale, 1e-6), swiglu(g, x, up)].map((made) => {
      const { dense } = backward(g, reduceSum(g, linear(g, made, weight), [0, 1]), [weight]).get(weight)!;
      const { inputs } = g.nodes.find(({ outputs }) => outputs[0] === dense)!;
      return inputs.includes(made.name);
    });
    assert.deepEqual(read, [false, false]);
  });
});
