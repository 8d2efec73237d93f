import assert from 'node:assert/strict';
import { resolvedRun } from '../../../test/trainer/support/resolved-run.ts';
import type { Parameter } from '../models/parameter.ts';
import { checkMemory, stateMemory } from './memory.ts';

function parameter(name: string, elements: number): Parameter {
  const tensor = { name, shape: [elements], dtype: 'float32' } as const;
  return { name, shape: [elements], role: 'weight', init: { kind: 'constant', value: 0 }, tensor };
}

describe('the memory of a run', () => {
  const run = (method: Parameters<typeof resolvedRun>[0]['method'], accumulation = 1) =>
    resolvedRun({
      base: '/base',
      train: 'rows.csv',
      method,
      arguments: { gradient_accumulation_steps: accumulation },
    });
  const [small, large] = [parameter('small', 1000), parameter('large', 2 ** 29)];

  it('is four copies of what is trained, five where gradients are added up, and one of what is frozen', () => {
    const lora = { parameters: [small, large], trained: [small] };
    assert.deepEqual(stateMemory(run({ full: {} }), lora), { trained: 16_000, frozen: 2 ** 31 });
    assert.equal(stateMemory(run({ full: {} }, 2), lora).trained, 20_000);
  });

  it('is refused where the trainer or the machine cannot hold it, with what would fit', () => {
    const whole = { parameters: [large], trained: [large] };
    assert.throws(() => checkMemory(run({ full: {} }), whole, 'cpu', 2 ** 40), {
      code: 'run/memory',
      message: /needs 8.0 GiB .* can hold 4.0 GiB/,
      hint: /method: { lora/,
    });
    const adapted = { parameters: [small, large], trained: [small] };
    assert.throws(() => checkMemory(run({ lora: {} }), adapted, 'cpu', 2 ** 30), {
      code: 'run/memory',
      message: /need 2.0 GiB, and this machine has 1.0 GiB/,
    });
    checkMemory(run({ lora: {} }), adapted, 'cpu', 2 ** 32);
    checkMemory(run({ full: {} }), whole, 'webgpu', 2 ** 40);
  });
});
