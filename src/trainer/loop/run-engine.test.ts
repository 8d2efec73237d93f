import assert from 'node:assert/strict';
import type { Parameter } from '../models/parameter.ts';
import { releaseStart } from './run-engine.ts';

describe('releaseStart', () => {
  it('gives back the memory of what is trained at once, and leaves what is frozen', () => {
    const parameter = (name: string): Parameter => ({
      name,
      shape: [4],
      role: 'weight',
      init: { kind: 'constant', value: 0 },
      tensor: { name, shape: [4], dtype: 'float32' },
    });
    const [trained, frozen] = [new Float32Array(4), new Float32Array(4)];
    const values = new Map([
      ['trained', trained],
      ['frozen', frozen],
    ]);
    releaseStart({ values, trained: [parameter('trained')] });
    assert.deepEqual([...values.keys()], ['frozen']);
    assert.deepEqual([trained.length, frozen.length], [0, 4]);
  });
});
