/**
 * Trains every family and head, every kind of adapter, adapters over 4 bits, and every run of TRL's trainers of the fixtures (TUNEBOOK_FIXTURES,
 * or the committed ones) on the CPU, and prints how far each lies from Trainer, PEFT and TRL: one JSON object a line.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CpuEngine } from '../../src/trainer/runtime/cpu-engine.ts';
import {
  absoluteDeviation,
  deviationsOf,
  type TrainedNumbers,
} from '../../test/trainer/support/deviation.ts';
import { DPO_CASES, readDpoCase, trainDpoCase } from '../../test/trainer/support/dpo-case.ts';
import type { MakeEngine } from '../../test/trainer/support/engine-case.ts';
import {
  familyCases,
  readFamilyCase,
  runCase,
  runFamilyCase,
} from '../../test/trainer/support/family-case.ts';
import { fixturesOf } from '../../test/trainer/support/fixtures-folder.ts';
import {
  adapterModel,
  NF4_FAMILIES,
  nf4Model,
  readAdapterCase,
  readNf4Case,
} from '../../test/trainer/support/lora-case.ts';
import { ORPO_CASES, readOrpoCase, trainOrpoCase } from '../../test/trainer/support/orpo-case.ts';
import {
  readSftCase,
  RESUMED_SFT_CASES,
  SFT_CASES,
  trainSftCase,
} from '../../test/trainer/support/sft-case.ts';

const engine: MakeEngine = (spec, values, options) =>
  CpuEngine.create(spec, values, { ...options, threads: 1 });

for (const name of familyCases()) {
  const made = readFamilyCase(name);
  for (const method of ['full', 'lora'] as const) {
    tell(`${name}, ${method}`, await runFamilyCase(name, method, engine), made[method]);
  }
}

for (const name of readdirSync(fixturesOf('adapters')).sort()) {
  const made = readAdapterCase(name);
  const { adapted, merge } = adapterModel(name, made);
  const ours = await runCase(made, adapted, engine);
  const { logits } = await runCase(made, merge(), engine, 0);
  tell(`${name} over ${made.family}`, ours, made.lora, absoluteDeviation(logits, made.merged_logits));
}

for (const family of NF4_FAMILIES) {
  const made = readNf4Case(family);
  tell(`${family}, lora over nf4`, await runCase(made, nf4Model(family, made), engine), made.lora);
}

const workspace = mkdtempSync(join(tmpdir(), 'tunebook-parity-trl-'));
for (const name of [...SFT_CASES, ...RESUMED_SFT_CASES]) {
  const { numbers } = await trainSftCase(workspace, name);
  tell(`sft, ${name}`, numbers, readSftCase(name));
}
for (const name of DPO_CASES) {
  const { numbers } = await trainDpoCase(workspace, name);
  tell(`dpo, ${name}`, numbers, readDpoCase(name));
}
for (const name of ORPO_CASES) {
  const { numbers } = await trainOrpoCase(workspace, name);
  tell(`orpo, ${name}`, numbers, readOrpoCase(name));
}
rmSync(workspace, { recursive: true, force: true });

/** Prints one comparison; some preference runs have no logits to compare, and only adapters are merged. */
function tell(name: string, ours: TrainedNumbers, theirs: TrainedNumbers, merged?: number): void {
  const line = {
    name,
    steps: ours.loss.length,
    ...deviationsOf(ours, theirs),
    ...(merged === undefined ? {} : { merged }),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
