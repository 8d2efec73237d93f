import assert from 'node:assert/strict';
import { placeTensors } from './share-memory.ts';

describe('placeTensors', () => {
  const beside = { each: 10, first: 5 };
  const sizes = (...bytes: number[]) => bytes.map((each) => ({ bytes: each, first: false }));

  it('puts everything into one memory while it has room', () => {
    assert.deepEqual(placeTensors(sizes(20, 30, 35), beside, 100), [{ tensors: [0, 1, 2], bytes: 100 }]);
  });

  it('puts each tensor where there is room, and opens a memory where there is none', () => {
    assert.deepEqual(placeTensors(sizes(60, 50, 30, 20), beside, 100), [
      { tensors: [0, 3], bytes: 95 },
      { tensors: [1, 2], bytes: 90 },
    ]);
  });

  it('keeps a place in the first memory for what has to lie there', () => {
    const table = { bytes: 70, first: true };
    assert.deepEqual(placeTensors([...sizes(40), table], beside, 100), [
      { tensors: [1], bytes: 85 },
      { tensors: [0], bytes: 50 },
    ]);
  });

  it('refuses what does not fit one memory', () => {
    assert.throws(() => placeTensors(sizes(20, 95), beside, 100), {
      code: 'run/memory',
      message: /take 105 B .* can hold 100 B of that in one piece/,
    });
    const table = { bytes: 90, first: true };
    assert.throws(() => placeTensors([table], beside, 100), { code: 'run/memory' });
  });
});
