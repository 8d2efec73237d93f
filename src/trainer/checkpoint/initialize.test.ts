import assert from 'node:assert/strict';
import type { Init, Parameter } from '../models/parameter.ts';
import { initialize } from './initialize.ts';

function parameter(init: Init, shape = [400, 100], name = 'bert.encoder.weight'): Parameter {
  return { name, shape, init, role: 'weight', tensor: { name, shape, dtype: 'float32' } };
}

function moments(values: Float32Array): { mean: number; std: number; kurtosis: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const power = (k: number) => values.reduce((sum, x) => sum + (x - mean) ** k, 0) / values.length;
  return { mean, std: Math.sqrt(power(2)), kurtosis: power(4) / power(2) ** 2 };
}

/** Share of values below a bound. */
function below(values: Float32Array, bound: number): number {
  return values.reduce((sum, x) => sum + (x < bound ? 1 : 0), 0) / values.length;
}

describe('initialize', () => {
  it('normal: mean 0, the given deviation, and the tails of a normal distribution', () => {
    const values = initialize(parameter({ kind: 'normal', std: 0.02 }), 42);
    const { mean, std, kurtosis } = moments(values);
    const n = values.length;
    assert.ok(Math.abs(mean) < (5 * 0.02) / Math.sqrt(n));
    assert.ok(Math.abs(std - 0.02) < (5 * 0.02) / Math.sqrt(2 * n));
    assert.ok(Math.abs(kurtosis - 3) < 5 * Math.sqrt(24 / n));
    for (const [z, share] of [
      [-1.96, 0.025],
      [0, 0.5],
      [1, 0.8413],
    ] as const)
      assert.ok(Math.abs(below(values, z * 0.02) - share) < 5 * Math.sqrt((share * (1 - share)) / n));
  });

  it('normal with a row of zeros: the padding token', () => {
    const values = initialize(parameter({ kind: 'normal', std: 0.02, zeroRow: 3 }), 42);
    assert.ok(values.subarray(300, 400).every((x) => x === 0));
    assert.ok(values.subarray(0, 300).some((x) => x !== 0) && values.subarray(400).some((x) => x !== 0));
  });

  it('kaiming-uniform: evenly within ±1/√fanIn, as PEFT starts lora_A', () => {
    const values = initialize(parameter({ kind: 'kaiming-uniform', fanIn: 64 }), 42);
    const bound = 1 / 8;
    assert.ok(values.every((x) => Math.abs(x) <= bound));
    const { mean, std, kurtosis } = moments(values);
    const n = values.length;
    assert.ok(Math.abs(mean) < (5 * bound) / Math.sqrt(3 * n));
    assert.ok(Math.abs(std - bound / Math.sqrt(3)) < 0.01 * bound);
    // A uniform distribution has a kurtosis of 9/5.
    assert.ok(Math.abs(kurtosis - 1.8) < 0.02);
  });

  it('constant', () => {
    assert.deepEqual([...initialize(parameter({ kind: 'constant', value: 1 }, [3]), 42)], [1, 1, 1]);
  });

  it('is the same for the same seed and name, and independent of both others', () => {
    const init = { kind: 'normal', std: 1 } as const;
    const one = initialize(parameter(init), 42);
    assert.deepEqual(initialize(parameter(init), 42), one);
    for (const other of [
      initialize(parameter(init), 43),
      initialize(parameter(init, [400, 100], 'other'), 42),
    ]) {
      const correlation = one.reduce((sum, x, i) => sum + x * other[i]!, 0) / one.length;
      assert.ok(Math.abs(correlation) < 5 / Math.sqrt(one.length));
    }
  });

  it('takes an odd count', () => {
    assert.ok(
      initialize(parameter({ kind: 'normal', std: 1 }, [7]), 1).every((x) => x !== 0 && Number.isFinite(x)),
    );
  });
});
