import assert from 'node:assert/strict';
import { CpuEngine } from '../../src/trainer/runtime/cpu-engine.ts';
import { absoluteDeviation, assertParity } from './support/deviation.ts';
import { familyCases, readFamilyCase, runFamilyCase } from './support/family-case.ts';

describe('every family and head, beside Hugging Face Trainer and PEFT', () => {
  for (const name of familyCases()) {
    for (const method of ['full', 'lora'] as const) {
      it(`${name}, ${method}: every loss and gradient norm of 50 steps, and logits`, async () => {
        const reference = readFamilyCase(name);
        const ours = await runFamilyCase(name, method, (spec, values, options) =>
          CpuEngine.create(spec, values, { ...options, threads: 1 }),
        );
        assert.equal(ours.loss.length, 50);
        assertParity(ours, reference[method]);
        if (method === 'full') assert.ok(absoluteDeviation(ours.logits, reference.logits) < 1e-5);
        // A training that changed nothing would agree too, so it must have changed something.
        assert.ok(absoluteDeviation(ours.logits_after, ours.logits) > 0.01);
      });
    }
  }
});
