import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { CpuEngine } from '../../src/trainer/runtime/cpu-engine.ts';
import { absoluteDeviation, assertParity } from './support/deviation.ts';
import type { MakeEngine } from './support/engine-case.ts';
import { runCase } from './support/family-case.ts';
import { fixturesOf } from './support/fixtures-folder.ts';
import { adapterModel, readAdapterCase } from './support/lora-case.ts';

const engine: MakeEngine = (spec, values, options) =>
  CpuEngine.create(spec, values, { ...options, threads: 1 });

describe('adapters of every kind, beside PEFT', () => {
  for (const name of readdirSync(fixturesOf('adapters')).sort()) {
    const made = readAdapterCase(name);

    it(`${name}: every loss and gradient norm of 50 steps, and logits`, async () => {
      const ours = await runCase(made, adapterModel(name, made).adapted, engine);
      assert.ok(absoluteDeviation(ours.logits, made.logits) < 1e-5);
      assertParity(ours, made.lora);
      assert.ok(absoluteDeviation(ours.logits_after, ours.logits) > 0.01);
    });

    it(`${name}: merged into its base`, async () => {
      const ours = await runCase(made, adapterModel(name, made).merge(), engine, 0);
      assert.ok(absoluteDeviation(ours.logits, made.merged_logits) < 1e-5);
    });
  }
});
