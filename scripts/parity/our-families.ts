/**
 * Trains every family and head of the fixtures (TUNEBOOK_FAMILY_FIXTURES, or the committed ones) on the CPU engine and prints
 * how far each lies from Hugging Face Trainer: one JSON object a line.
 */
import { CpuEngine } from '../../src/trainer/runtime/cpu-engine.ts';
import { absoluteDeviation, relativeDeviation } from '../../test/trainer/support/deviation.ts';
import { familyCases, readFamilyCase, runFamilyCase } from '../../test/trainer/support/family-case.ts';

for (const name of familyCases()) {
  const made = readFamilyCase(name);
  for (const method of ['full', 'lora'] as const) {
    const theirs = made[method];
    if (!theirs) continue;
    const ours = await runFamilyCase(name, method, (spec, values, options) =>
      CpuEngine.create(spec, values, { ...options, threads: 1 }),
    );
    const line = {
      name: `${name}, ${method}`,
      steps: ours.loss.length,
      loss: relativeDeviation(ours.loss, theirs.loss),
      grad_norm: relativeDeviation(ours.grad_norm, theirs.grad_norm),
      logits: absoluteDeviation(ours.logits_after, theirs.logits_after),
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
}
