import assert from 'node:assert/strict';
import { float32, runGraph } from '../runtime/testing/run-graph.ts';
import { createSession } from '../runtime/session.ts';
import { encodeModel } from './encode.ts';
import { Graph } from './graph.ts';
import { reshape } from './ops/shape.ts';

describe('encodeModel', () => {
  it('makes a model that onnxruntime loads with the inputs and outputs that were named', async () => {
    const g = new Graph();
    const x = g.input('x', ['rows', 2]);
    g.output('doubled', g.single('Add', [x, x], {}, x.shape));
    const session = await createSession(encodeModel(g), { device: 'cpu' });
    assert.deepEqual([session.inputNames, session.outputNames], [['x'], ['doubled']]);
    await session.release();
  });

  it('leaves out nodes that no output needs', () => {
    const g = new Graph();
    const x = g.input('x', [2]);
    g.output('y', g.single('Neg', [x], {}, [2]));
    const before = encodeModel(g).length;
    g.single('Exp', [x], {}, [2]);
    assert.equal(encodeModel(g).length, before);
  });

  it('writes constants of every type that it takes, negative and large ones too', async () => {
    const values = [-1, 2 ** 31, 0];
    const made = await runGraph(
      (g) => {
        const asFloat = (dtype: 'int64' | 'float32' | 'int32' | 'bool', numbers: number[]) =>
          g.single('Cast', [g.constant(numbers, [3], dtype)], { to: 1 }, [3]);
        const x = g.input('x', [3]);
        const plusX = (y: ReturnType<typeof asFloat>) => g.single('Add', [x, y], {}, [3]);
        return {
          int64: plusX(asFloat('int64', values)),
          float32: plusX(asFloat('float32', [0.5, -0.25, 3e38])),
          int32: plusX(asFloat('int32', [-5, 7, 0])),
          bool: plusX(asFloat('bool', [1, 0, 1])),
        };
      },
      { x: float32([0, 0, 0], [3]) },
    );
    assert.deepEqual(made, {
      int64: values,
      float32: [0.5, -0.25, Math.fround(3e38)],
      int32: [-5, 7, 0],
      bool: [1, 0, 1],
    });
  });

  it('stores equal constants once', () => {
    const g = new Graph();
    assert.equal(g.scalar(2), g.scalar(2));
    assert.notEqual(g.scalar(2), g.scalar(2, 'int32'));
    assert.equal(g.initializers.length, 2);
  });

  it('refuses what it cannot write rightly', () => {
    const g = new Graph();
    g.input('x', [2]);
    assert.throws(() => g.input('x', [2]), /two inputs named x/);
    assert.throws(() => reshape(g, g.inputs[0]!, [3]), /\[2\] cannot be reshaped to \[3\]/);
    assert.throws(() => g.dimTensor('width'), /no input of the graph has the size "width"/);
    const fraction = new Graph();
    fraction.output('y', fraction.single('Elu', [fraction.input('x', [1])], { alpha: 0.5 }, [1]));
    assert.throws(() => encodeModel(fraction), /alpha must be wrapped as \{ float: 0\.5 \}/);
    const short = new Graph();
    short.constant([1, 2], [3]);
    assert.throws(() => encodeModel(short), /wrong number of values/);
  });
});
