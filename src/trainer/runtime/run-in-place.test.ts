import assert from 'node:assert/strict';
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { encodeModel, NOT_HANDED_OVER } from '../graph/encode.ts';
import { Graph } from '../graph/graph.ts';
import { runInPlace } from './run-in-place.ts';
import { createSession } from './session.ts';

/** `doubled = x + x`, `row = row of x at index`. */
async function makeSession(): Promise<InferenceSession> {
  const g = new Graph();
  const x = g.input('x', [3]);
  const index = g.input('index', [1], 'int32');
  g.output('doubled', g.single('Add', [x, x], {}, [3]));
  g.output('row', g.single('Gather', [x, index], { axis: 0 }, [1]));
  return createSession(encodeModel(g, { inPlace: true }), { device: 'cpu' });
}

const inputs = (index: number) => ({
  x: new Tensor('float32', Float32Array.of(1, 2, 3), [3]),
  index: new Tensor('int32', Int32Array.of(index), [1]),
});

describe('runInPlace', () => {
  let session: InferenceSession;
  before(async () => (session = await makeSession()));
  after(() => session.release());

  it('writes every result where it is told to', async () => {
    const memory = new Float32Array(new WebAssembly.Memory({ initial: 1 }).buffer);
    const places = {
      doubled: new Tensor('float32', memory.subarray(8, 11), [3]),
      row: new Tensor('float32', memory.subarray(16, 17), [1]),
    };
    await runInPlace(session, inputs(2), places);
    assert.deepEqual([...memory.subarray(7, 12)], [0, 2, 4, 6, 0]);
    assert.equal(memory[16], 3);
  });

  it('is needed: by itself onnxruntime-node copies what it was given a place for, and hands over no sequence', async () => {
    const place = new Tensor('float32', new Float32Array(3), [3]);
    const { doubled } = await session.run(inputs(0), { doubled: place });
    assert.notEqual(doubled!.data, place.data);
    await assert.rejects(
      session.run(inputs(0), { [NOT_HANDED_OVER]: null }),
      /Non tensor type is temporarily not supported/,
    );
  });

  it('throws what goes wrong', async () => {
    const places = { row: new Tensor('float32', new Float32Array(1), [1]) };
    await assert.rejects(runInPlace(session, inputs(7), places), /indices element out of data bounds/);
  });
});
