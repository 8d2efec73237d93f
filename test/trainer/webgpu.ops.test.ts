import assert from 'node:assert/strict';
import { OP_CASES } from '../../src/trainer/graph/ops/testing/cases.ts';
import { drawCase } from '../../src/trainer/graph/ops/testing/op-case.ts';
import { RunningCase } from '../../src/trainer/runtime/testing/run-case.ts';
import { needsWebGpu, useSoftwareGpu } from './support/software-gpu.ts';

useSoftwareGpu();

/** Results of the same float32 arithmetic in another order and with other approximations of exp, tanh and erf. */
const TOLERANCE = 1e-5;

describe('every operator and its gradient on WebGPU, beside the CPU', () => {
  needsWebGpu();

  for (const [op, cases] of Object.entries(OP_CASES)) {
    it(op, async () => {
      for (const [i, make] of cases.entries()) {
        const drawn = drawCase(make, 11, i);
        const [cpu, gpu] = [
          await RunningCase.create(drawn),
          await RunningCase.create(drawn, { device: 'webgpu' }),
        ];
        assertClose(await gpu.value(), await cpu.value(), `${drawn.title}: y`);
        const gradients = await gpu.gradients();
        for (const [name, expected] of await cpu.gradients())
          assertClose(gradients.get(name)!, expected, `${drawn.title}: the gradient of ${name}`);
        await cpu.dispose();
        await gpu.dispose();
      }
    });
  }
});

function assertClose(actual: Float32Array, expected: Float32Array, what: string): void {
  assert.equal(actual.length, expected.length);
  const scale = expected.reduce((largest, x) => Math.max(largest, Math.abs(x)), 1);
  actual.forEach((x, i) => {
    const difference = Math.abs(x - expected[i]!);
    assert.ok(difference <= TOLERANCE * scale, `${what}[${i}] is ${x}, on the CPU ${expected[i]}`);
  });
}
