import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TunebookError } from '../../src/protocol/error.ts';
import { temporaryFolder } from '../../src/runs/testing/fixtures.ts';
import { inspectClassifier, loadClassifier } from '../../src/trainer/evaluate/classifier.ts';
import { labelsOf } from '../../src/trainer/checkpoint/model-folder.ts';
import { readJsonObject } from '../../src/trainer/data/tokenizer/json.ts';
import { collate } from '../../src/trainer/loop/collate.ts';
import { loadTokenizer } from '../../src/trainer/data/tokenizer.ts';
import { createPredictor } from '../../src/trainer/runtime/predictor.ts';
import { readTensors } from '../../src/trainer/safetensors/read.ts';
import { flatten } from './support/engine-case.ts';
import { fixtureFolder } from './support/fixture.ts';
import { resolvedRun, type RunFields } from './support/resolved-run.ts';
import { metrics, trainInFolder } from './support/train-in-folder.ts';

const BASE = fixtureFolder('bert-classifier');
/** As the base's config names them. */
const HEAD = ['alpha', 'bravo', 'charlie', 'delta', 'echo'];
const HALF: RunFields['method'] = { lora: { r: 2, target_modules: ['query'] } };

describe('a classifier that is trained further', () => {
  const workspace = temporaryFolder();

  function rows(labels: readonly string[]): string {
    const file = join(workspace.path, `${labels.join('-')}.csv`);
    const texts = ['ba be', 'bo tu', 'ba', 'tu be bo'];
    writeFileSync(
      file,
      ['text,label', ...texts.map((text, i) => `${text},${labels[i % labels.length]}`)].join('\n'),
    );
    return file;
  }

  /** One step over all rows that changes nothing. */
  const run = (fields: Omit<RunFields, 'base'>) =>
    trainInFolder(
      workspace.path,
      resolvedRun({
        base: BASE,
        arguments: { max_steps: 1, per_device_train_batch_size: 4, learning_rate: 0, save_strategy: 'no' },
        threads: 1,
        ...fields,
      }),
    );

  const namesIn = (output: string) => labelsOf(readJsonObject(join(output, 'config.json')));

  for (const [labels, what] of [
    [['echo', 'bravo'], 'some of its labels'],
    [['echo', 'delta', 'charlie', 'bravo'], 'more of its labels'],
  ] as const)
    it(`goes on with its head and its order, where the data have ${what}`, async () => {
      const train = rows(labels);
      const { dir, events } = await run({ train });
      assert.deepEqual(namesIn(join(dir, 'output')), HEAD);
      const [first] = metrics(events, 'train');
      assert.ok(Math.abs(Number(first?.values['loss']) - (await lossOfBase(train))) < 1e-6);
    });

  /** The mean of the negative log-probabilities that the base gives the labels of the rows. */
  async function lossOfBase(file: string): Promise<number> {
    const { spec, values } = loadClassifier(inspectClassifier(BASE), HEAD.length);
    const predictor = await createPredictor(spec, values, { device: 'cpu', threads: 1 });
    const tokenizer = await loadTokenizer(BASE);
    const pairs = readFileSync(file, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    const ids = pairs.map(([text = '']) => tokenizer.encode(text, { max_length: 32 }).input_ids);
    const logits = await predictor.predict(collate(flatten(ids), [0, 1, 2, 3]));
    await predictor.dispose();
    const losses = pairs.map(([, label = ''], row) => {
      const own = [...logits.subarray(row * HEAD.length, (row + 1) * HEAD.length)];
      const sum = own.reduce((total, logit) => total + Math.exp(logit), 0);
      return Math.log(sum) - own[HEAD.indexOf(label)]!;
    });
    return losses.reduce((a, b) => a + b) / losses.length;
  }

  it('is refused for other labels, with what gives it a new head', async () => {
    await assert.rejects(run({ train: rows(['x', 'y', 'z']) }), (error) => {
      assert.ok(error instanceof TunebookError);
      assert.equal(error.code, 'model/shape-mismatch');
      assert.match(error.message, /^classifier\.(weight|bias) is \[5.* asks for \[3/);
      assert.match(error.hint ?? '', /`ignore_mismatched_sizes: true`/);
      return true;
    });
  });

  for (const [name, method, prefix] of [
    ['full', { full: {} }, ''],
    ['LoRA', HALF, 'base_model.model.'],
  ] as const)
    it(`has a new head for other labels with ignore_mismatched_sizes, and says so: ${name}`, async () => {
      const { dir, events } = await run({
        train: rows(['x', 'y', 'z']),
        ignoreMismatchedSizes: true,
        method,
      });
      const warnings = events.filter((event) => event.type === 'warning');
      assert.match(
        warnings.find(({ code }) => code === 'model/new-head')?.message ?? '',
        /^classifier\.weight and classifier\.bias of .* start at random/,
      );
      const output = join(dir, 'output');
      const made = new Map(readTensors(output));
      assert.deepEqual(made.get(`${prefix}classifier.weight`)?.shape, [3, 32]);
      if (name === 'full') {
        assert.deepEqual(namesIn(output), ['x', 'y', 'z']);
        for (const [tensor, { data }] of readTensors(BASE))
          if (!tensor.startsWith('classifier')) assert.deepEqual(made.get(tensor)?.data, data, tensor);
      }
    });

  it('refuses weights of another size outside of its head all the same', async () => {
    const other = join(workspace.path, 'other');
    cpSync(BASE, other, { recursive: true });
    const file = join(other, 'config.json');
    writeFileSync(file, JSON.stringify({ ...readJsonObject(file), intermediate_size: 32 }));
    await assert.rejects(
      trainInFolder(
        workspace.path,
        resolvedRun({ base: other, train: rows(['x', 'y']), ignoreMismatchedSizes: true }),
      ),
      /intermediate\.dense\.\w+ is .* asks for/,
    );
  });
});
