import assert from 'node:assert/strict';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { inspectClassifier, loadClassifier } from '../../src/trainer/evaluate/classifier.ts';
import { collate } from '../../src/trainer/loop/collate.ts';
import { createPredictor } from '../../src/trainer/runtime/predictor.ts';
import { absoluteDeviation } from './support/deviation.ts';
import { flatten } from './support/engine-case.ts';
import { familyCases, readFamilyCase, root, type FamilyCase } from './support/family-case.ts';
import { readJson } from './support/read-json.ts';

const HEADS = ['sequence', 'multi-label', 'regression'];

/** As an evaluation, the playground and the server read them. */
describe('a classifier that transformers or PEFT saved', () => {
  const workspace = temporaryFolder();
  const cases = familyCases().filter((name) => HEADS.includes(readFamilyCase(name).head));

  /** The logits of the first rows. Its outputs are those of its head, and no random ones. */
  async function logitsOf(folder: string, { input_ids, logits }: FamilyCase): Promise<number[][]> {
    const classifier = inspectClassifier(folder);
    const { head } = classifier;
    assert.notEqual(head.kind, 'random', 'the head is found');
    const count = head.kind === 'named' ? head.labels.length : head.kind === 'unnamed' ? head.count : 0;
    assert.equal(count, logits[0]!.length);
    const { spec, values } = loadClassifier(classifier, count);
    const predictor = await createPredictor(spec, values, { device: 'cpu', threads: 1 });
    const flat = await predictor.predict(collate(flatten(input_ids), [0, 1, 2]));
    await predictor.dispose();
    return logits.map((_, row) => [...flat.subarray(row * count, (row + 1) * count)]);
  }

  for (const name of cases) {
    it(`${name}: its own head, with the same logits`, async () => {
      const made = readFamilyCase(name);
      assert.ok(absoluteDeviation(await logitsOf(join(root, name), made), made.logits) < 1e-5);
    });
  }

  for (const name of cases) {
    it(`${name}, an adapter: the head that was saved with it`, async () => {
      const folder = join(workspace.path, name);
      cpSync(join(root, name, 'lora'), folder, { recursive: true });
      const file = join(folder, 'adapter_config.json');
      writeFileSync(file, JSON.stringify({ ...readJson(file), base_model_name_or_path: join(root, name) }));
      const made = readFamilyCase(name);
      const logits = await logitsOf(folder, made);
      // What they are stands beside PEFT's in `npm run parity`.
      assert.ok(absoluteDeviation(logits, made.logits) > 1e-2, 'the adapter is added to its base');
    });
  }
});
