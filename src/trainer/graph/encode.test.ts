import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { float32, runGraph } from '../runtime/testing/run-graph.ts';
import { createSession } from '../runtime/session.ts';
import { backward } from './backward.ts';
import { cutGraph } from './cut.ts';
import { encodeModel } from './encode.ts';
import { Graph } from './graph.ts';
import { reduceSum } from './ops/broadcast.ts';
import { mul } from './ops/elementwise.ts';
import { linear } from './ops/matmul.ts';
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

  it('tells onnxruntime the size of what lies between inputs and outputs, which it cannot always infer', async () => {
    const g = new Graph();
    const x = g.input('x', ['batch', 'seq', 2]);
    const flat = reshape(g, x, ['batch*seq', 2]);
    g.output('sum', reduceSum(g, mul(g, flat, flat), [0, 1]));
    const folder = mkdtempSync(path.join(os.tmpdir(), 'tunebook-sizes-'));
    const optimizedModelFilePath = path.join(folder, 'seen.onnx');
    const session = await InferenceSession.create(encodeModel(g), {
      optimizedModelFilePath,
      logSeverityLevel: 3,
    });
    await session.release();
    assert.ok(readFileSync(optimizedModelFilePath).includes('batch*seq'));
    rmSync(folder, { recursive: true });
  });

  it('has onnxruntime make the gradient of a weight before it goes back to the layer below', async () => {
    const g = new Graph();
    const sizes = [7, 6, 5];
    let x = g.input('x', ['rows', 7]);
    const weights = sizes.slice(1).map((size, i) => g.input(`weight${i}`, [size, sizes[i]!]));
    for (const weight of weights) x = linear(g, x, weight);
    const gradients = backward(g, reduceSum(g, mul(g, x, x), [0, 1]), weights);
    const part = cutGraph(
      g,
      [],
      weights.map((weight) => gradients.get(weight)!.dense!),
    );
    const folder = mkdtempSync(path.join(os.tmpdir(), 'tunebook-order-'));
    const session = await createSession(encodeModel(part.graph), {
      device: 'cpu',
      profile: path.join(folder, 'p'),
    });
    const input = (dims: number[]) => new Tensor('float32', new Float32Array(dims[0]! * dims[1]!), dims);
    const sizesOf = { x: [3, 7], weight0: [6, 7], weight1: [5, 6] };
    await session.run(
      Object.fromEntries(
        Object.entries(sizesOf).map(([name, dims]) => [part.inputs.get(name)!, input(dims)]),
      ),
    );
    session.endProfiling();
    await session.release();
    const trace = readFileSync(path.join(folder, readdirSync(folder)[0]!), 'utf8');
    rmSync(folder, { recursive: true });
    // SAFETY: the trace is onnxruntime's own, of the graph above.
    const events = JSON.parse(trace) as { args?: { op_name?: string; output_type_shape?: unknown } }[];
    const made = events
      .filter(({ args }) => args?.op_name === 'Gemm' && args.output_type_shape !== undefined)
      .map(({ args }) => JSON.stringify(args?.output_type_shape));
    assert.deepEqual(
      made,
      ['3,6', '3,5', '5,6', '3,6', '6,7'].map((shape) => `[{"float":[${shape}]}]`),
    );
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
