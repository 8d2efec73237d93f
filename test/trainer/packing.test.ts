import assert from 'node:assert/strict';
import { packBestFit } from '../../src/trainer/data/pack.ts';
import { TokenWriter } from '../../src/trainer/data/stored-tokens.ts';
import type { Batch } from '../../src/trainer/loop/collate.ts';
import { makeBatch, rowsOf, sequencesPerRow, type TrainingData } from '../../src/trainer/loop/objective.ts';
import { CpuEngine } from '../../src/trainer/runtime/cpu-engine.ts';
import { absoluteDeviation, relativeDeviation } from './support/deviation.ts';
import { familyCases, familyModel, readFamilyCase, type FamilyCase } from './support/family-case.ts';

const ROOM = 40;
/** Adam's first step is a sign where a gradient is far above epsilon, and rounding where it is far below: a large one keeps weights comparable. */
const SETTINGS = {
  learningRate: 0.1,
  weightDecay: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 0.01,
  maxGradNorm: 1,
};

describe('a step over packed rows', () => {
  for (const name of familyCases().filter((found) => found.endsWith('-causal'))) {
    const checkpointing = name === 'mistral-causal';
    it(`${name}${checkpointing ? ', checkpointed' : ''}: equals one over the same rows alone, in loss, gradient norm and every weight`, async () => {
      const made = readFamilyCase(name);
      const alone = textsOf(made);
      const lengths = Int32Array.from(made.input_ids, (ids) => ids.length);
      const packed = { ...alone, packed: packBestFit(lengths, ROOM) };
      assert.ok(sequencesPerRow(packed) > 2);
      const [one, other] = [batchesOf(packed, 4), batchesOf(alone, 1)];
      assert.ok(one.length < other.length / 4);

      const [together, apart] = [
        await step(name, made, one, checkpointing),
        await step(name, made, other, false),
      ];
      assert.ok(relativeDeviation([together.loss], [apart.loss]) < 1e-6);
      assert.ok(relativeDeviation([together.norm], [apart.norm]) < 1e-6);
      for (const [parameter, values] of apart.after) {
        assert.ok(absoluteDeviation([[...together.after.get(parameter)!]], [[...values]]) < 1e-6, parameter);
        // Weights that did not move would agree too.
        assert.ok(absoluteDeviation([[...apart.before.get(parameter)!]], [[...values]]) > 1e-4, parameter);
      }
    });
  }
});

/** The rows of a case as texts of which the first tokens are a prompt: none, one or two of them. */
function textsOf({ input_ids }: FamilyCase): TrainingData & { kind: 'text-generation' } {
  const writer = new TokenWriter();
  const offsets = [0];
  for (const [row, ids] of input_ids.entries()) {
    writer.append(ids, [[row % 3, ids.length]]);
    offsets.push(writer.length);
  }
  return {
    kind: 'text-generation',
    tokens: writer.finish(),
    sequences: { offsets: Int32Array.from(offsets) },
  };
}

/** All rows, some in each batch. */
function batchesOf(data: TrainingData, size: number): Batch[] {
  const rows = [...Array(rowsOf(data)).keys()];
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i) =>
    makeBatch(data, rows.slice(i * size, (i + 1) * size), i),
  );
}

/** One optimizer step over some batches, from the weights of the case. */
async function step(name: string, made: FamilyCase, batches: readonly Batch[], checkpointing: boolean) {
  const { spec, values } = familyModel(name, made, 'full');
  const largest = (of: (batch: Batch) => number) => Math.max(...batches.map(of));
  const [sequences, length] = [0, 1].map((dim) => largest(({ feeds }) => feeds['pad_index']!.dims[dim]!));
  const engine = await CpuEngine.create({ ...spec, checkpointing }, values, {
    threads: 1,
    limits: { tokens: largest(({ tokens }) => tokens), sequences: sequences!, length: length! },
    accumulates: true,
  });
  const copy = (from: ReadonlyMap<string, Float32Array>) =>
    new Map([...from].map(([parameter, data]) => [parameter, data.slice()]));
  const before = copy(await engine.readParameters());
  const targets = batches.reduce((sum, batch) => sum + batch.targets, 0);
  let loss = 0;
  for (const [microBatch, { feeds }] of batches.entries())
    loss += await engine.accumulate(feeds, 1 / targets, { seed: 0, step: 0, microBatch });
  const norm = await engine.update(SETTINGS);
  const after = copy(await engine.readParameters());
  await engine.dispose();
  return { loss, norm, before, after };
}
