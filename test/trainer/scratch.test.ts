import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCRATCH_FAMILIES, withFamilyDefaults } from '../../src/language/schema/architecture-defaults.ts';
import { ownRuntimeFolder, temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { inspectModel, loadModel, locateParameters } from '../../src/trainer/checkpoint/inspect-model.ts';
import { loadParameters } from '../../src/trainer/checkpoint/load-parameters.ts';
import { CPU_LOWERING } from '../../src/trainer/graph/graph.ts';
import { parseModelConfig } from '../../src/trainer/models/config.ts';
import { buildTask, headFor, type Task } from '../../src/trainer/models/task.ts';
import { readTensors } from '../../src/trainer/safetensors/read.ts';
import { fixtureFolder } from './support/fixture.ts';
import { readJson } from './support/read-json.ts';
import { resolvedRun } from './support/resolved-run.ts';
import { trainInFolder, trainMetric } from './support/train-in-folder.ts';

/** How transformers starts a parameter. */
interface Start {
  shape: number[];
  /** Of all rows but those that are zero. */
  mean: number;
  std: number;
  zero_rows: number[];
}

type ScratchFamily = (typeof SCRATCH_FAMILIES)[number];

interface ScratchCase {
  architecture: { model_type: ScratchFamily } & Record<string, unknown>;
  parameters: Record<string, Start>;
}

// SAFETY: made by python/make_scratch_fixture.py, which writes this shape.
const {
  made_by: _,
  vocab_size,
  ids,
  ...cases
} = JSON.parse(readFileSync(new URL('../fixtures/scratch.json', import.meta.url), 'utf8')) as {
  made_by: Record<string, string>;
  vocab_size: number;
  ids: Record<string, number>;
} & Record<string, ScratchCase>;

const TASKS: Record<string, Task> = {
  masked: { kind: 'fill-mask' },
  causal: { kind: 'text-generation' },
  sequence: { kind: 'text-classification', numLabels: 5 },
  tokens: { kind: 'token-classification', numLabels: 5 },
};

describe('a model from scratch starts as transformers starts it', () => {
  for (const [name, { architecture, parameters: theirs }] of Object.entries(cases)) {
    it(name, () => {
      const fields = { vocab_size, ...ids, ...withFamilyDefaults(architecture) };
      const config = parseModelConfig(fields, 'config.json');
      const task = TASKS[name.split(', ')[1] ?? '']!;
      const { builder } = buildTask(config, task, { training: false, lowering: CPU_LOWERING });
      const parameters = [...builder.parameters.values()];
      const { values } = loadParameters(parameters, [], 7);
      assert.deepEqual([...values.keys()].sort(), Object.keys(theirs).sort());
      for (const { name: each, shape } of parameters) {
        const expected = theirs[each]!;
        assert.deepEqual(shape, expected.shape, each);
        assertStart(each, values.get(each)!, expected);
      }
    });
  }
});

/** Two samples of one normal distribution have deviations that differ by less than five of their own; constants are equal. */
function assertStart(name: string, values: Float32Array, { shape, mean, std, zero_rows }: Start): void {
  const width = shape.length === 2 ? shape[1]! : 1;
  const zero = new Set(zero_rows);
  const kept = values.filter((_, i) => !zero.has(Math.floor(i / width)));
  for (const row of zero)
    assert.ok(
      values.subarray(row * width, (row + 1) * width).every((x) => x === 0),
      `${name}, row ${row}`,
    );
  const ours = kept.reduce((sum, x) => sum + x, 0) / kept.length;
  const deviation = Math.sqrt(kept.reduce((sum, x) => sum + (x - ours) ** 2, 0) / kept.length);
  const unit = std / Math.sqrt(kept.length);
  assert.ok(Math.abs(deviation - std) <= 5 * unit, `${name}: deviation ${deviation}, theirs ${std}`);
  assert.ok(Math.abs(ours - mean) <= 5 * Math.SQRT2 * unit, `${name}: mean ${ours}, theirs ${mean}`);
}

describe('a run from scratch', () => {
  const workspace = temporaryFolder();
  ownRuntimeFolder();
  const rows = fixtureFolder('bert-classifier');

  for (const family of SCRATCH_FAMILIES) {
    const head = `${family}, causal` in cases ? 'causal' : 'masked';
    const task: Task = { kind: head === 'causal' ? 'text-generation' : 'fill-mask' };

    it(`of ${family} learns, and leaves a model that is whole`, async () => {
      const { architecture } = cases[`${family}, ${head}`]!;
      const run = resolvedRun({
        base: 'scratch',
        task: task.kind,
        architecture: withFamilyDefaults(architecture),
        tokenizer: rows,
        train: join(rows, 'train.csv'),
        arguments: {
          max_steps: 40,
          learning_rate: 5e-3,
          per_device_train_batch_size: 16,
          save_strategy: 'no',
        },
      });
      const { dir, events, outcome } = await trainInFolder(workspace.path, run);
      assert.equal(outcome.state, 'finished');
      const losses = trainMetric(events, 'loss');
      const output = join(dir, 'output');
      const model = inspectModel(output);
      // Before anything is learnt every token is about as likely as another.
      const words = Number(model.fields['vocab_size']);
      assert.ok(Math.abs(losses[0]! - Math.log(words)) < 0.3, `${losses[0]} for ${words} tokens`);
      const mean = (part: number[]) => part.reduce((a, b) => a + b) / part.length;
      // A batch of masked tokens is small, and its loss says little.
      const learnt = mean(losses.slice(0, 8)) - mean(losses.slice(-8));
      assert.ok(learnt > (head === 'causal' ? 0.5 : 0.08), losses.join());

      assert.deepEqual(locateParameters(model, task).missing, []);
      const stored = readTensors(output);
      const { values } = loadModel(model, task, 0);
      assert.deepEqual([...values.keys()].sort(), [...stored.keys()].sort());
      const config = readJson(join(output, 'config.json'));
      assert.deepEqual(config['architectures'], [headFor(model.config, task)?.className]);
      assert.partialDeepStrictEqual(config, architecture);
    });
  }
});
