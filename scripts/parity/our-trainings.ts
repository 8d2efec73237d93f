/**
 * Trains every case of the parity fixtures (TUNEBOOK_FIXTURES, or the committed ones) on the CPU engine and
 * prints how far each lies from Hugging Face Trainer: one JSON object a line.
 */
import { readdirSync } from 'node:fs';
import { CpuEngine } from '../../src/trainer/runtime/cpu-engine.ts';
import { absoluteDeviation, relativeDeviation } from '../../test/trainer/support/deviation.ts';
import { runEngineCase } from '../../test/trainer/support/engine-case.ts';
import { fixtureFolder, readCase, type FixtureName } from '../../test/trainer/support/fixture.ts';

const FIXTURES: FixtureName[] = ['bert-classifier', 'bert-mlm'];

for (const fixture of FIXTURES) {
  const names = readdirSync(fixtureFolder(fixture)).flatMap(
    (file) => /^trainer_(.+)\.json$/.exec(file)?.[1] ?? [],
  );
  // What Trainer does on its own under accumulation is kept to show the difference, not to be equalled.
  for (const name of names.filter((found) => found !== 'accumulation_undivided').sort()) {
    const theirs = readCase(fixture, name);
    const ours = await runEngineCase(fixture, name, (spec, values, options) =>
      CpuEngine.create(spec, values, { ...options, threads: 2 }),
    );
    const line = {
      fixture,
      name,
      steps: ours.loss.length,
      loss: relativeDeviation(ours.loss, theirs.loss),
      grad_norm: relativeDeviation(ours.grad_norm, theirs.grad_norm),
      logits: absoluteDeviation(ours.logits_after, theirs.logits_after),
      noise: theirs.noise.float64,
      made_by: theirs.made_by,
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  }
}
