import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The probabilities of two scores of which one is masked, computed in a process of its own: what its first session says counts in all of it. */
const PROGRAM = `
  import { Tensor } from 'onnxruntime-node';
  import { encodeModel } from './src/trainer/graph/encode.ts';
  import { Graph } from './src/trainer/graph/graph.ts';
  import { createSession } from './src/trainer/runtime/session.ts';
  const g = new Graph();
  g.output('y', g.single('Softmax', [g.input('x', [2])], {}, [2]));
  const session = await createSession(encodeModel(g), { device: 'cpu' });
  const { y } = await session.run({ x: new Tensor('float32', new Float32Array([0, -95]), [2]) });
  console.log(JSON.stringify([...y.data]));
`;

describe('createSession', () => {
  it('has numbers that the processor is slow with count as zero', async function () {
    // Other processors are not slow with them, or onnxruntime cannot tell them.
    if (process.arch !== 'x64') this.skip();
    const program = ['--input-type=module', '--eval', PROGRAM];
    const { stdout } = await promisify(execFile)(process.execPath, program);
    assert.deepEqual(JSON.parse(stdout), [1, 0]);
  });
});
