import assert from 'node:assert/strict';
import { collate } from '../../src/trainer/loop/collate.ts';
import { inspectClassifier, loadClassifier } from '../../src/trainer/evaluate/classifier.ts';
import { createPredictor } from '../../src/trainer/runtime/predictor.ts';
import { absoluteDeviation } from './support/deviation.ts';
import { flatten } from './support/engine-case.ts';
import { fixtureFolder, readCase, readRows } from './support/fixture.ts';
import { needsWebGpu, useSoftwareGpu } from './support/software-gpu.ts';

useSoftwareGpu();

/** Logits of the fixture's first eight rows, computed all at once and one by one. */
async function predict(device: string): Promise<{ together: number[][]; apart: number[][] }> {
  const { spec, values } = loadClassifier(inspectClassifier(fixtureFolder('bert-classifier')), 5);
  const predictor = await createPredictor(spec, values, { device, threads: 1 });
  const sequences = flatten(readRows('bert-classifier').input_ids);
  const rows = [...Array(8).keys()];
  const together = await predictor.predict(collate(sequences, rows));
  const apart: number[][] = [];
  for (const row of rows) apart.push([...(await predictor.predict(collate(sequences, [row])))]);
  await predictor.dispose();
  return { together: rows.map((row) => [...together.subarray(5 * row, 5 * row + 5)]), apart };
}

describe('a predictor on the CPU', () => {
  it("gives transformers' logits, whatever stands beside a row in its batch", async () => {
    const reference = readCase('bert-classifier', 'full').logits_before;
    const { together, apart } = await predict('cpu');
    assert.ok(absoluteDeviation(together, reference) < 1e-5);
    assert.ok(absoluteDeviation(apart, reference) < 1e-5);
  });

  it('refuses a model that lacks a value', async () => {
    const { spec, values } = loadClassifier(inspectClassifier(fixtureFolder('bert-classifier')), 5);
    values.delete('classifier.bias');
    await assert.rejects(
      createPredictor(spec, values, { device: 'cpu' }),
      /no value was given for .*classifier\.bias/,
    );
  });
});

describe('a predictor on WebGPU', () => {
  needsWebGpu();

  it("gives transformers' logits too", async function () {
    this.timeout(300_000);
    const reference = readCase('bert-classifier', 'full').logits_before;
    const { together, apart } = await predict('webgpu');
    assert.ok(absoluteDeviation(together, reference) < 1e-4);
    assert.ok(absoluteDeviation(apart, reference) < 1e-4);
  });
});
