import assert from 'node:assert/strict';
import { resolvedRun } from '../../../test/trainer/support/resolved-run.ts';
import type { TrainingArguments } from '../../language/resolved.ts';
import type { Parameter } from '../models/parameter.ts';
import { checkMemory, stateMemory, tightMemory } from './memory.ts';

function parameter(name: string, elements: number): Parameter {
  const tensor = { name, shape: [elements], dtype: 'float32' } as const;
  return { name, shape: [elements], role: 'weight', init: { kind: 'constant', value: 0 }, tensor };
}

describe('the memory of a run', () => {
  const run = (
    method: Parameters<typeof resolvedRun>[0]['method'],
    accumulation = 1,
    more: Partial<TrainingArguments> = {},
  ) =>
    resolvedRun({
      base: '/base',
      train: 'rows.csv',
      method,
      arguments: { gradient_accumulation_steps: accumulation, ...more },
    });
  const [small, large] = [parameter('small', 1000), parameter('large', 2 ** 29)];

  it('is four copies of what is trained, five where gradients are added up, and one of what is frozen', () => {
    const lora = { parameters: [small, large], trained: [small] };
    const together = { name: 'small', bytes: 16_000 };
    assert.deepEqual(stateMemory(run({ full: {} }), lora), { trained: 16_000, frozen: 2 ** 31, together });
    assert.equal(stateMemory(run({ full: {} }, 2), lora).trained, 20_000);
  });

  it('is two copies of what is trained with Adafactor, and a number for each row and column of a matrix', () => {
    const matrix = { ...parameter('matrix', 600), shape: [20, 30] };
    const both = { parameters: [small, matrix], trained: [small, matrix] };
    const { trained } = stateMemory(run({ full: {} }, 1, { optim: 'adafactor' }), both);
    // A vector keeps its second moment whole.
    assert.equal(trained, 2 * 4 * 1600 + 4 * (1000 + 20 + 30));
  });

  const batch = { used: 0, kept: 0, checkpointed: 0 };

  it('is refused where the trainer or the machine cannot hold it, with what would fit', () => {
    const whole = { state: stateMemory(run({ full: {} }), { parameters: [large], trained: [large] }), batch };
    assert.throws(() => checkMemory(run({ full: {} }), whole, 'cpu', 2 ** 40), {
      code: 'run/memory',
      message: /Training large takes 8.0 GiB .* can hold 4.0 GiB of that in one piece/,
      hint: /method: { lora/,
    });
    const quarters = Array.from({ length: 4 }, (_, i) => parameter(`quarter${i}`, 2 ** 27));
    const parts = {
      state: stateMemory(run({ full: {} }), { parameters: quarters, trained: quarters }),
      batch,
    };
    assert.equal(parts.state.trained, 2 ** 33);
    checkMemory(run({ full: {} }), parts, 'cpu', 2 ** 40);
    const tables = quarters.map((each) => ({ ...each, role: 'embedding' as const }));
    const together = {
      state: stateMemory(run({ full: {} }), { parameters: tables, trained: tables }),
      batch,
    };
    assert.throws(
      () => checkMemory(run({ full: {} }), together, 'cpu', 2 ** 40),
      /Training the embeddings takes 8.0 GiB/,
    );
    const lora = run({ lora: {} });
    const adapted = { state: stateMemory(lora, { parameters: [small, large], trained: [small] }), batch };
    assert.throws(() => checkMemory(lora, adapted, 'cpu', 2 ** 30), {
      code: 'run/memory',
      message: /need 2.0 GiB, and this machine has 1.0 GiB/,
    });
    checkMemory(lora, adapted, 'cpu', 2 ** 32);
    checkMemory(run({ full: {} }), whole, 'webgpu', 2 ** 40);
  });

  it('counts the largest batch, and names gradient_checkpointing where that would fit', () => {
    const state = { trained: 2 ** 30, frozen: 0, together: { name: '', bytes: 0 } };
    const needs = { state, batch: { used: 2 ** 31, kept: 2 ** 31, checkpointed: 2 ** 29 } };
    assert.throws(() => checkMemory(run({ full: {} }), needs, 'cpu', 2 ** 31), {
      code: 'run/memory',
      message: /need 1.0 GiB, the largest batch 2.0 GiB more, and this machine has 2.0 GiB/,
      hint: /gradient_checkpointing: true }: the batch then needs 512.0 MiB/,
    });
    assert.throws(() => checkMemory(run({ full: {} }), needs, 'cpu', 1.2 * 2 ** 30), {
      hint: /per_device_train_batch_size/,
    });
    checkMemory(run({ full: {} }), needs, 'webgpu', 2 ** 31);
    checkMemory(run({ full: {} }), { ...needs, batch: { ...needs.batch, used: 2 ** 29 } }, 'cpu', 2 ** 31);
  });

  it('is warned of where it fits the machine, but not what is free of it', () => {
    const full = run({ full: {} });
    const state = { trained: 2 ** 30, frozen: 2 ** 30, together: { name: '', bytes: 0 } };
    const needs = { state, batch: { used: 2 ** 30, kept: 2 ** 30, checkpointed: 2 ** 29 } };
    const total = 8 * 2 ** 30;
    // What is frozen has been read and is in use.
    assert.equal(tightMemory(full, needs, 'cpu', { used: 6 * 2 ** 30, total }), undefined);
    const { code, message, hint } = tightMemory(full, needs, 'cpu', { used: 6.25 * 2 ** 30, total })!;
    assert.equal(code, 'run/memory-tight');
    assert.match(message, /at least 2.0 GiB more, and of this machine's 8.0 GiB only 1.8 GiB are free/);
    assert.match(hint, /gradient_checkpointing: true }: the batch then needs 512.0 MiB/);
    assert.match(
      tightMemory(full, needs, 'cpu', { used: 6.75 * 2 ** 30, total })!.hint,
      /per_device_train_batch_size/,
    );
    assert.match(tightMemory(full, needs, 'cpu', { used: 7.5 * 2 ** 30, total })!.hint, /method: { lora/);
  });
});
