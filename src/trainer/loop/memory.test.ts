import assert from 'node:assert/strict';
import { resolvedRun } from '../../../test/trainer/support/resolved-run.ts';
import type { ResolvedRun, TrainingArguments } from '../../language/resolved.ts';
import type { TunebookError } from '../../protocol/error.ts';
import type { Parameter } from '../models/parameter.ts';
import type { Demand } from './demand.ts';
import { checkMemory, checkPeak, explainMemory, tightMemory, type Room } from './memory.ts';
import { stateMemory, type MemoryNeeds } from './memory-needs.ts';

const GIB = 2 ** 30;

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
      maxLength: 128,
      arguments: { gradient_accumulation_steps: accumulation, per_device_train_batch_size: 8, ...more },
    });
  const [small, large] = [parameter('small', 1000), parameter('large', 2 ** 29)];
  const full = run({ full: {} });

  it('is four copies of what is trained, five where gradients are added up, and one of what is frozen', () => {
    const lora = { parameters: [small, large], trained: [small] };
    const together = { name: 'small', bytes: 16_000 };
    assert.deepEqual(stateMemory(full, lora), {
      trained: 16_000,
      frozen: 2 ** 31,
      kept: 0,
      reference: 0,
      weights: 2 ** 31 + 4000,
      together,
    });
    assert.equal(stateMemory(run({ full: {} }, 2), lora).trained, 20_000);
  });

  it('is one more copy of what DPO trains of its start, which its reference computes with', () => {
    const of = (method: Parameters<typeof run>[0], more: object = {}) => {
      const { kept, reference } = stateMemory(run(method), {
        parameters: [small, large],
        ...more,
        trained: [small],
      });
      return { kept, reference };
    };
    const weights = 2 ** 31 + 4000;
    assert.deepEqual(of({ full: {}, dpo: {} }), { kept: 4000, reference: weights });
    // A new adapter is nothing yet; one that the run goes on with is part of its start.
    const adapter = parameter('q.lora_A.weight', 50);
    const lora = { parameters: [adapter, large], trained: [adapter] };
    const dpo = run({ lora: {}, dpo: {} });
    assert.deepEqual([stateMemory(dpo, lora).kept, stateMemory(dpo, lora).reference], [0, 2 ** 31]);
    assert.equal(stateMemory(dpo, { ...lora, continues: true }).kept, 200);
    assert.deepEqual(of({ full: {}, orpo: {} }), { kept: 0, reference: 0 });
  });

  it('of DPO is refused where the start has no room beside what is trained of it', () => {
    const dpo = run({ full: {}, dpo: {} });
    // Four quarters of half a gibibyte: 8 GiB to train them, and 2 more for the start.
    checkMemory(run({ full: {} }), demandOf(full, quarters), free(9 * GIB));
    assert.throws(() => checkMemory(dpo, demandOf(dpo, quarters), free(9 * GIB)), {
      code: 'run/memory',
      message: /need 10\.0 GiB, and this machine has 9\.0 GiB/,
    });
    const tight = tightMemory(dpo, demandOf(dpo, quarters), { total: 20 * GIB, used: 13 * GIB, own: 0 });
    assert.match(tight?.message ?? '', /takes at least 8\.0 GiB more/);
  });

  it('is two copies of what is trained with Adafactor, and a number for each row and column of a matrix', () => {
    const matrix = { ...parameter('matrix', 600), shape: [20, 30] };
    const both = { parameters: [small, matrix], trained: [small, matrix] };
    const { trained } = stateMemory(run({ full: {} }, 1, { optim: 'adafactor' }), both);
    // A vector keeps its second moment whole.
    assert.equal(trained, 2 * 4 * 1600 + 4 * (1000 + 20 + 30));
  });

  /** A machine with so much memory, all of which is free. */
  const free = (total: number): Room => ({ total, used: 0, own: 0 });

  /** Of a model in as many equal parts, before its data are known; with LoRA a thousand numbers are trained beside it. */
  const demandOf = (its: ResolvedRun, parts: readonly Parameter[], device = 'cpu', rowBytes = 0): Demand => {
    const stateOf = (changed: ResolvedRun) => {
      const isLora = 'lora' in changed.method;
      const bits = changed.method.quantization ? [parameter('quarter', 2 ** 26)] : parts;
      return stateMemory(changed, {
        parameters: isLora ? [small, ...bits] : parts,
        trained: isLora ? [small] : parts,
      });
    };
    const batch = { used: rowBytes, kept: rowBytes, checkpointed: rowBytes };
    const needsOf = (changed: ResolvedRun) => {
      const { per_device_train_batch_size: size } = changed.train;
      return { state: stateOf(changed), batch: { ...batch, used: size * rowBytes } };
    };
    return { needs: { state: stateOf(its) }, stateOf, needsOf, device, assumesFullRows: true };
  };
  const quarters = Array.from({ length: 4 }, (_, i) => ({
    ...parameter(`quarter${i}`, 2 ** 27),
    shape: [2 ** 14, 2 ** 13],
  }));

  it('is refused where the trainer cannot hold it in one piece, or the machine at all', () => {
    assert.throws(() => checkMemory(full, demandOf(full, [large]), free(2 ** 40)), {
      code: 'run/memory',
      message: /Training large takes 8.0 GiB .* can hold 4.0 GiB of that in one piece/,
      hint: /method: { lora/,
    });
    checkMemory(full, demandOf(full, quarters), free(2 ** 40));
    const tables = quarters.map((each) => ({ ...each, role: 'embedding' as const }));
    assert.throws(
      () => checkMemory(full, demandOf(full, tables), free(2 ** 40)),
      /Training the embeddings takes 8.0 GiB/,
    );
    const lora = run({ lora: {} });
    assert.throws(() => checkMemory(lora, demandOf(lora, [large]), free(GIB)), {
      code: 'run/memory',
      message: /need 2.0 GiB, and this machine has 1.0 GiB/,
      hint: /^Set method: { quantization: { load_in_4bit: true } } \(needs at least 256.0 MiB\)\. Rows as long as max_length are counted\.$/,
    });
    checkMemory(lora, demandOf(lora, [large]), free(4 * GIB));
  });

  it('names every way to train the model that has room, with what it needs, and none that has not', () => {
    const hintAt = (available: number) => {
      try {
        checkMemory(full, demandOf(full, quarters), free(available));
      } catch (error) {
        // SAFETY: it throws nothing else, and what it holds is asserted.
        return (error as TunebookError).hint;
      }
      return undefined;
    };
    assert.equal(hintAt(8 * GIB), undefined);
    assert.equal(
      hintAt(5 * GIB),
      'Set train: { optim: adafactor } (needs at least 4.0 GiB), or method: { lora: { r: 8 } } (needs at least 2.0 GiB), or method: { lora: { r: 8 }, quantization: { load_in_4bit: true } } (needs at least 256.0 MiB). Rows as long as max_length are counted.',
    );
    assert.doesNotMatch(hintAt(3 * GIB) ?? '', /adafactor/);
    assert.equal(
      hintAt(GIB),
      'Set method: { lora: { r: 8 }, quantization: { load_in_4bit: true } } (needs at least 256.0 MiB). Rows as long as max_length are counted.',
    );
    assert.match(
      hintAt(300 * 2 ** 20) ?? '',
      /^Take a smaller model, or a machine with more memory\. With method: { lora: { r: 8 }, quantization: { load_in_4bit: true } } the model and what is trained of it would still need at least 256\.0 MiB\.$/,
    );
  });

  it('names a smaller rank to an adapter of a large one', () => {
    const large = run({ lora: { r: 4096 } });
    const sized = (its: ResolvedRun): Demand => {
      const state = (changed: ResolvedRun) =>
        stateMemory(changed, {
          parameters: [parameter('base', 1000)],
          trained: [parameter('adapter', 'lora' in changed.method ? changed.method.lora.r * 2 ** 17 : 0)],
        });
      return { ...demandOf(its, []), needs: { state: state(its) }, stateOf: state, needsOf: () => undefined };
    };
    const needsOf = (changed: ResolvedRun) => ({
      state: sized(changed).needs.state,
      batch: { used: 0, kept: 0, checkpointed: 0 },
    });
    assert.throws(() => checkMemory(large, { ...sized(large), needsOf }, free(4 * GIB)), {
      code: 'run/memory',
      hint: /^Set method: { lora: { r: 8 } } \(needs at least 12\.0 MiB\)/,
    });
  });

  it('of a GPU counts only the weights, which pass through the memory of the machine', () => {
    checkMemory(full, demandOf(full, [large], 'webgpu'), free(3 * GIB));
    assert.throws(() => checkMemory(full, demandOf(full, [large], 'webgpu'), free(GIB)), {
      code: 'run/memory',
      message: /The weights need 2.0 GiB until the GPU has them/,
    });
  });

  /** A gibibyte of state, and a batch of 256 MiB a row of 128 tokens; layers that are computed again need a quarter. */
  const batchDemand = (its: ResolvedRun, device = 'cpu'): Demand<Required<MemoryNeeds>> => {
    const needsOf = ({ train, data }: ResolvedRun) => {
      const copies = train.gradient_accumulation_steps > 1 ? 1.25 : 1;
      const kept = (train.per_device_train_batch_size * data.max_length * GIB) / 512;
      const checkpointed = kept / 4;
      const used = train.gradient_checkpointing ? checkpointed : kept;
      const together = { name: '', bytes: 0 };
      const state = { trained: copies * GIB, frozen: 0, kept: 0, reference: 0, weights: GIB / 4, together };
      return { state, batch: { used, kept, checkpointed } };
    };
    const stateOf = (changed: ResolvedRun) => needsOf(changed).state;
    return { needs: needsOf(its), stateOf, needsOf, device, assumesFullRows: false };
  };

  it('counts the largest batch, and names what makes it small enough: first what leaves the numbers alone', () => {
    assert.throws(() => checkMemory(full, batchDemand(full), free(2 * GIB)), {
      code: 'run/memory',
      message: /need 1.0 GiB, the largest batch 2.0 GiB more, and this machine has 2.0 GiB/,
      hint: 'Set train: { gradient_checkpointing: true } (needs at least 1.5 GiB, and the numbers stay the same).',
    });
    assert.throws(() => checkMemory(full, batchDemand(full), free(1.7 * GIB)), {
      hint: /^Set train: { gradient_checkpointing: true, per_device_train_batch_size: 2, gradient_accumulation_steps: 4 } \(needs at least 1.4 GiB, and/,
    });
    assert.throws(() => checkMemory(full, batchDemand(full), free(1.5 * GIB)), {
      hint: /^Set data: { max_length: 64 } and train: { gradient_checkpointing: true, per_device_train_batch_size: 1, gradient_accumulation_steps: 8 } \(needs at least 1.3 GiB\)\.$/,
    });
    checkMemory(full, batchDemand(full, 'webgpu'), free(2 * GIB));
    checkMemory(full, batchDemand(full), free(3 * GIB));
  });

  it('is warned of where it fits the machine, but not what is free of it', () => {
    const total = 8 * GIB;
    const demand = batchDemand(full);
    const own = 0.25 * GIB;
    const withFrozen = { ...demand.needs.state, frozen: GIB, weights: 1.25 * GIB };
    const needs = { ...demand.needs, state: withFrozen };
    // All weights have been read and are in use: of a gibibyte that is trained three quarters are still to come.
    assert.equal(tightMemory(full, { ...demand, needs }, { used: 5.25 * GIB, total, own }), undefined);
    const { code, message, hint } = tightMemory(full, demand, { used: 5.5 * GIB, total, own })!;
    assert.equal(code, 'run/memory-tight');
    assert.match(message, /at least 2.8 GiB more, and of this machine's 8.0 GiB only 2.5 GiB are free/);
    assert.match(
      hint,
      /^End what else needs memory, or set .*gradient_checkpointing: true } \(needs at least 1.5 GiB/,
    );
    assert.match(
      tightMemory(full, demand, { used: 6.5 * GIB, total, own })!.hint,
      /per_device_train_batch_size: 2/,
    );
    assert.equal(
      tightMemory(full, demand, { used: 7.5 * GIB, total, own })!.hint,
      'End what else needs memory.',
    );
    assert.equal(tightMemory(full, batchDemand(full, 'webgpu'), { used: total, total, own }), undefined);
  });

  it('is given settings that fit what is free, and where none does those that fit once it is', () => {
    const hintAt = (used: number) => {
      try {
        checkMemory(full, batchDemand(full), { total: 2.5 * GIB, used, own: 0.25 * GIB });
      } catch (error) {
        // SAFETY: it throws nothing else, and what it holds is asserted.
        return (error as TunebookError).hint ?? '';
      }
      return '';
    };
    assert.match(hintAt(0.25 * GIB), /^Set train: { gradient_checkpointing: true } \(/);
    // Of what this process has the next one has room.
    assert.match(hintAt(0.75 * GIB), /^Set train: { gradient_checkpointing: true } \(/);
    assert.match(
      hintAt(0.85 * GIB),
      /^Set train: { gradient_checkpointing: true, per_device_train_batch_size: 4, /,
    );
    assert.match(
      hintAt(2 * GIB),
      /^Once this machine has more free than the 768\.0 MiB of now, set train: { gradient_checkpointing: true } \(/,
    );
  });

  it('before its data are known is given settings with which also the largest batch that they may make has room', () => {
    const hintAt = (rowBytes: number) => {
      try {
        checkMemory(full, demandOf(full, quarters, 'cpu', rowBytes), free(5 * GIB));
      } catch (error) {
        // SAFETY: it throws nothing else, and what it holds is asserted.
        return (error as TunebookError).hint ?? '';
      }
      return '';
    };
    assert.match(hintAt(2 ** 20), /^Set train: { optim: adafactor } \(needs at least 4\.0 GiB\), or method/);
    assert.match(
      hintAt(2 ** 27),
      /^Set method: { lora: { r: 8 } } \(needs at least 3\.0 GiB\), or method: .* \(needs at least 1\.3 GiB\)\. Rows/,
    );
    assert.match(
      hintAt(2 ** 30),
      /^Set method: { lora: { r: 8 } } and train: { gradient_checkpointing: true, per_device_train_batch_size: 1, gradient_accumulation_steps: 8 } \(/,
    );
    assert.match(
      hintAt(2 ** 32),
      /^Take a smaller model, or a machine with more memory\. With method: { lora: { r: 8 }, quantization: { load_in_4bit: true } } and data: { max_length: 32 } and train: { gradient_checkpointing: true, per_device_train_batch_size: 1, gradient_accumulation_steps: 8 } it would still need at least 4\.3 GiB\.$/,
    );
  });

  it('is refused where the first steps took more than there is, in the measure of what they took', () => {
    const demand = batchDemand(full);
    checkPeak(full, demand, 4 * GIB, 4 * GIB);
    assert.throws(() => checkPeak(full, demand, 6 * GIB, 4 * GIB), {
      code: 'run/memory',
      message: 'The first steps took 6.0 GiB of memory, measured, and this machine has 4.0 GiB.',
      hint: /^Set train: { gradient_checkpointing: true } \(needs at least 1.5 GiB/,
    });
  });

  it('is what an error for want of memory is about, with settings that need half; other errors stay as they are', () => {
    const demand = batchDemand(full);
    const explained = explainMemory(full, demand, new Error('Non-zero status code. std::bad_alloc'));
    // SAFETY: what it holds is asserted.
    const { code, message, hint } = explained as TunebookError;
    assert.equal(code, 'run/memory');
    assert.match(message, /got no more memory of this machine while it computed; it needs at least 3.0 GiB/);
    assert.match(hint ?? '', /^Set train: { gradient_checkpointing: true } \(needs at least 1.5 GiB/);
    const gpu = batchDemand(full, 'webgpu');
    const told =
      'WebGPU validation failed. Buffer size (2202009600) exceeds the max buffer size limit (1073741824).';
    // SAFETY: what it holds is asserted.
    const large = explainMemory(full, gpu, new Error(told)) as TunebookError;
    assert.equal(large.code, 'run/memory');
    assert.equal(
      large.message,
      'A tensor of 2.1 GiB is larger than a buffer of the GPU may be, which is 1.0 GiB.',
    );
    const spent = new Error('vkAllocateMemory failed with VK_ERROR_OUT_OF_DEVICE_MEMORY');
    assert.match(String(explainMemory(full, gpu, spent)), /no more memory of the device "webgpu"/);
    const other = new Error('the file is gone');
    assert.equal(explainMemory(full, demand, other), other);
    assert.equal(explainMemory(full, demand, explained), explained);
  });
});
