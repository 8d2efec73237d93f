import assert from 'node:assert/strict';
import { CpuEngine } from '../../src/trainer/runtime/cpu-engine.ts';
import { absoluteDeviation, assertParity } from './support/deviation.ts';
import { runEngineCase } from './support/engine-case.ts';
import { readCase, type FixtureName } from './support/fixture.ts';

/** Every training that Hugging Face Trainer did and that ours must equal. */
const CASES: [FixtureName, string][] = [
  ['bert-classifier', 'full'],
  ['bert-classifier', 'cosine'],
  ['bert-classifier', 'label_smoothing'],
  ['bert-classifier', 'gelu_new'],
  ['bert-classifier', 'relu'],
  ['bert-classifier', 'silu'],
  ['bert-classifier', 'accumulation'],
  ['bert-classifier', 'lora'],
  ['bert-classifier', 'lora_bias'],
  ['bert-classifier', 'lora_all_linear'],
  ['bert-classifier', 'adafactor'],
  ['bert-classifier', 'lora_adafactor'],
  ['bert-mlm', 'full'],
];

describe('the CPU engine beside Hugging Face Trainer', () => {
  for (const [fixture, name] of CASES) {
    it(`${fixture}, ${name}: every loss, gradient norm and learning rate, and the logits at the end`, async () => {
      const reference = readCase(fixture, name);
      const ours = await runEngineCase(fixture, name, (spec, parameters, options) =>
        CpuEngine.create(spec, parameters, { ...options, threads: 2 }),
      );
      assert.equal(ours.loss.length, 50);
      assertParity(ours, reference);
      assert.ok(absoluteDeviation([ours.learning_rate], [reference.learning_rate]) < 1e-12);
      assert.ok(absoluteDeviation(ours.logits_before, reference.logits_before) < 1e-5);
      // A training that changed nothing would agree too, so it must have changed something.
      assert.ok(absoluteDeviation(ours.logits_after, ours.logits_before) > 0.05);
    });
  }

  for (const name of ['accumulation', 'adafactor']) {
    it(`computes the same bits in several memories as in one: ${name}`, async () => {
      const made = (memoryLimit?: number) =>
        runEngineCase(
          'bert-classifier',
          name,
          (spec, parameters, options) =>
            CpuEngine.create(spec, parameters, {
              ...options,
              threads: 2,
              ...(memoryLimit === undefined ? {} : { memoryLimit }),
            }),
          { steps: 6 },
        );
      let least = 0;
      await assert.rejects(made(1), (error: Error) => {
        assert.ok(error.cause instanceof RangeError);
        least = Number(/, and (\d+) have to lie together/.exec(error.cause.message)?.[1]);
        return least > 0;
      });
      // The tables fill the first memory, so everything else lies in others.
      assert.deepEqual(await made(least), await made());
    });
  }

  it('differs from what Trainer does under accumulation on its own, which adds means up', async () => {
    const undivided = readCase('bert-classifier', 'accumulation_undivided');
    const divided = readCase('bert-classifier', 'accumulation');
    const first = undivided.loss[0]! / divided.loss[0]!;
    assert.ok(first > 3.9 && first < 4.1, `the first loss is ${first} times ours`);
  });
});
