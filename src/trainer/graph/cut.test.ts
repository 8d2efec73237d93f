import assert from 'node:assert/strict';
import { cutGraph } from './cut.ts';
import { encodeModel } from './encode.ts';
import { Graph } from './graph.ts';
import { add, mul } from './ops/elementwise.ts';

/** Two equal layers, y = w · x + x, one on the other. */
function twoLayers() {
  const g = new Graph();
  const x = g.input('x', ['rows', 2]);
  const layer = (name: string, input: typeof x) => add(g, mul(g, input, g.input(name, [1, 2])), input);
  const middle = layer('w1', x);
  return { g, x, middle, end: layer('w2', middle) };
}

describe('a part that is cut out of a graph', () => {
  it('is the same model for equal layers, wherever they stand', () => {
    const { g, x, middle, end } = twoLayers();
    const [first, second] = [cutGraph(g, [x], [middle]), cutGraph(g, [middle], [end])];
    assert.deepEqual(encodeModel(first.graph), encodeModel(second.graph));
    assert.deepEqual([...first.inputs.keys()].sort(), ['w1', 'x']);
    assert.deepEqual([...second.inputs.keys()].sort(), [middle.name, 'w2'].sort());
  });

  it('is the same model also where a layer is the first one to need what follows from the batch', () => {
    const g = new Graph();
    const x = g.input('x', ['rows', 2]);
    const ids = g.input('ids', ['rows'], 'int32');
    const layer = (name: string, input: typeof x) => {
      const scaled = mul(g, input, g.input(name, [1, 2]));
      const rows = g.once('rows', () => g.single('Shape', [ids], {}, [1], 'int64'));
      return add(g, g.single('Expand', [scaled, rows], {}, x.shape), input);
    };
    const middle = layer('w1', x);
    const end = layer('w2', middle);
    const [first, second] = [cutGraph(g, [x], [middle]), cutGraph(g, [middle], [end])];
    assert.deepEqual(encodeModel(first.graph), encodeModel(second.graph));
  });

  it('takes nothing along of what lies before it, and all of it where nothing is given', () => {
    const { g, middle, end } = twoLayers();
    assert.equal(cutGraph(g, [middle], [end]).graph.nodes.length, 2);
    assert.equal(cutGraph(g, [], [end]).graph.nodes.length, 4);
  });

  it('hands a tensor through that is given and wanted, as a result of its own', () => {
    const g = new Graph();
    const x = g.input('x', [2]);
    const { graph, inputs, outputs } = cutGraph(g, [], [x]);
    assert.deepEqual(
      graph.nodes.map(({ op }) => op),
      ['Identity'],
    );
    assert.notEqual(outputs.get('x'), inputs.get('x'));
  });

  it('says what cannot be computed', () => {
    const g = new Graph();
    assert.throws(
      () => cutGraph(g, [], [{ name: 'nowhere', shape: [], dtype: 'float32' }]),
      /nothing makes nowhere/,
    );
  });
});
