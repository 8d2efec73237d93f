import assert from 'node:assert/strict';
import { backward } from './backward.ts';
import { encodeModel } from './encode.ts';
import { Graph } from './graph.ts';
import { add, mul, scale } from './ops/elementwise.ts';
import { embedding } from './ops/gather.ts';
import { linear } from './ops/matmul.ts';
import { reduceSum } from './ops/broadcast.ts';
import { float32, int32, runGraph } from '../runtime/testing/run-graph.ts';

describe('backward', () => {
  it('adds up what comes back along every way that a tensor was used', async () => {
    // loss = Σ (x · x + 3x), so its gradient is 2x + 3.
    const { dx } = await runGraph(
      (g) => {
        const x = g.input('x', [3]);
        const loss = reduceSum(g, add(g, mul(g, x, x), scale(g, x, 3)), [0]);
        return { dx: backward(g, loss, [x]).get(x)!.dense! };
      },
      { x: float32([1, -2, 0.5], [3]) },
    );
    assert.deepEqual(dx, [5, -1, 4]);
  });

  it('gives a tied weight a dense part and rows', () => {
    const g = new Graph();
    const table = g.input('table', [5, 4]);
    const hidden = embedding(g, table, g.input('ids', ['tokens'], 'int32'));
    const loss = reduceSum(g, linear(g, hidden, table), [0, 1]);
    const gradient = backward(g, loss, [table]).get(table)!;
    assert.deepEqual(gradient.dense?.shape, [5, 4]);
    assert.equal(gradient.rows.length, 1);
    assert.deepEqual(gradient.rows[0]!.rows.shape, ['tokens', 4]);
  });

  it('keeps the rows of a table that is read twice apart', async () => {
    const made = await runGraph(
      (g) => {
        const table = g.input('table', [3, 1]);
        const one = embedding(g, table, g.input('a', ['tokens'], 'int32'));
        const two = embedding(g, table, g.input('b', ['tokens'], 'int32'));
        const loss = reduceSum(g, mul(g, one, two), [0, 1]);
        const { rows, dense } = backward(g, loss, [table]).get(table)!;
        assert.equal(dense, undefined);
        return Object.fromEntries(rows.map((part) => [`rows of ${part.ids.name}`, part.rows]));
      },
      { table: float32([2, 3, 5], [3, 1]), a: int32([0, 1], [2]), b: int32([2, 2], [2]) },
    );
    assert.deepEqual(made, { 'rows of a': [5, 5], 'rows of b': [2, 3] });
  });

  it('gives no parts to what the loss does not depend on', () => {
    const g = new Graph();
    const [x, other] = [g.input('x', [2]), g.input('other', [2])];
    const gradient = backward(g, reduceSum(g, x, [0]), [x, other]).get(other);
    assert.deepEqual(gradient, { rows: [] });
  });

  it('computes nothing for gradients that nobody asked for', () => {
    const sizeOf = (asked: 'weight' | 'both') => {
      const g = new Graph();
      const [x, weight] = [g.input('x', ['rows', 4]), g.input('weight', [3, 4])];
      const loss = reduceSum(g, linear(g, x, weight), [0, 1]);
      const gradients = backward(g, loss, asked === 'both' ? [x, weight] : [weight]);
      for (const [tensor, { dense }] of gradients) g.output(`gradient:${tensor.name}`, dense!);
      return encodeModel(g).length;
    };
    assert.ok(sizeOf('weight') < sizeOf('both'));
  });

  it('refuses a loss that is no scalar', () => {
    const g = new Graph();
    const x = g.input('x', [2]);
    assert.throws(() => backward(g, scale(g, x, 2), [x]), /a loss is a scalar, not \[2\]/);
  });

  it('refuses to record one tensor twice: its gradient would be counted twice', () => {
    const g = new Graph();
    const x = g.input('x', [2]);
    const y = scale(g, x, 2);
    assert.throws(() => g.record([x], y, (dy) => [dy]), /counted twice/);
  });

  it('refuses a gradient of another shape than the tensor has', () => {
    const g = new Graph();
    const x = g.input('x', [2]);
    const y = g.record([x], g.single('ReduceSum', [x], { keepdims: 0 }, []), (dy) => [dy]);
    assert.throws(() => backward(g, y, [x]), /the gradient of x \[2\] came out as \[\]/);
  });
});
