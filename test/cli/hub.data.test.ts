import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { hubWorkspace } from './support/hub-workspace.ts';
import { lossesOf, manifestOf } from './support/workspace.ts';

const SHARDS = ['00000', '00001'].map((shard) =>
  readFileSync(new URL(`../fixtures/parquet/intents-${shard}-of-00002.parquet`, import.meta.url)),
);
const README = `---
configs:
- config_name: main
  default: true
  data_files:
  - split: train
    path: data/train-*
  - split: test
    path: data/test.csv
- config_name: other
  data_files: more/*.jsonl
---
`;

describe('data sets of the Hugging Face Hub', () => {
  const at = hubWorkspace();

  beforeEach(() => {
    at.hub.serveFiles(
      'example/intents',
      new Map([
        ['README.md', Buffer.from(README)],
        ['data/train-00000-of-00002.parquet', SHARDS[0]!],
        ['data/train-00001-of-00002.parquet', SHARDS[1]!],
        ['data/test.csv', readFileSync(at.space.path('data', 'test.csv'))],
        ['more/rows.jsonl', Buffer.from('{"text": "lo tu", "label": "alpha"}\n')],
        ['more/unused.bin', Buffer.alloc(10)],
      ]),
      { type: 'dataset' },
    );
  });

  const use = (train: string, more: object = {}) =>
    at.space.config({
      dataset: { files: { train, test: 'hf:example/intents' }, ...more },
      data: { eval: 'rows.test' },
    });
  const run = () => at.space.run('run', 'intents.tune.yaml');

  it('give the splits of the default configuration, in Parquet, with the numbers of the same rows in a file', async () => {
    use('hf:example/intents');
    const { code, stderr } = await run();
    assert.equal(code, 0, stderr);
    const [train] = manifestOf(at.space.onlyRun()).datasets;
    assert.equal(train?.rows, 76);
    assert.deepEqual(
      train.files.map(({ path }) => path.replace(/^.*snapshots\/[0-9a-f]{40}\//, '')),
      ['data/train-00000-of-00002.parquet', 'data/train-00001-of-00002.parquet'],
    );
    assert.ok(
      at.hub.requests.every(({ url }) => !/unused|rows\.jsonl/.test(url)),
      'nothing that is not needed',
    );
    at.space.config({ data: { eval: 'rows.test' } });
    assert.equal((await run()).code, 0);
    const [first, second] = at.space.runs();
    assert.deepEqual(lossesOf(first!), lossesOf(second!));
  });

  it('are planned with, and are read from the cache without a network', async () => {
    use('hf:example/intents');
    const plan = () => at.space.run('plan', 'intents.tune.yaml', '--no-probe', '--json');
    const { code, stdout, stderr } = await plan();
    assert.equal(code, 0, stderr);
    await at.hub.stop();
    const again = await plan();
    assert.equal(again.code, 0, again.stderr);
    assert.equal(again.stdout, stdout);
    assert.match(again.stderr, /the copy in the cache is used/);
  });

  it('give another configuration, another split, and certain files', async () => {
    const rows = async () => {
      const { code, stderr } = await run();
      assert.equal(code, 0, stderr);
      const { datasets } = manifestOf(at.space.onlyRun());
      rmSync(at.space.path('.tunebook', 'runs'), { recursive: true });
      return datasets[0]?.rows;
    };
    const train = { max_steps: 1, per_device_train_batch_size: 1 };
    for (const [files, config, expected] of [
      ['hf:example/intents', 'other', 1],
      ['hf:example/intents#test', undefined, 29],
      ['hf:example/intents/data/train-00000-*.parquet', undefined, 38],
    ] as const) {
      at.space.config({
        dataset: {
          files: { train: files },
          labels: ['alpha', 'bravo', 'charlie', 'delta', 'echo'],
          ...(config && { config }),
        },
        train,
      });
      assert.equal(await rows(), expected, files);
    }
  });

  it('are never fetched by a check', async () => {
    use('hf:example/intents');
    const { code, stdout } = await at.space.run('check', 'intents.tune.yaml');
    assert.equal(code, 0, stdout);
    assert.deepEqual(at.hub.requests, []);
  });

  for (const [what, files, more, expected] of [
    ['a split', 'hf:example/intents#dev', {}, /has no split "dev"[^]*It has train and test\./],
    [
      'a configuration',
      'hf:example/intents',
      { config: 'x' },
      /has no configuration "x"[^]*one of main and other/,
    ],
    ['a file', 'hf:example/intents/data/none.csv', {}, /there is no data file data\/none\.csv/],
    ['a data set', 'hf:example/none', {}, /There is no data set hf:example\/none/],
  ] as const)
    it(`say what there is where ${what} is not there`, async () => {
      use(files, more);
      const { code, stderr } = await run();
      assert.equal(code, 1, stderr);
      assert.match(stderr, expected);
      assert.deepEqual(at.space.runs(), []);
    });

  it('whose columns are others fail with the columns that are there', async () => {
    use('hf:example/intents', { columns: { text: 'utterance', label: 'label' } });
    const { code, stderr } = await run();
    assert.equal(code, 3);
    assert.match(stderr, /has no column "utterance" for the text; it has text and label/);
  });

  it('that hold nothing readable say where a conversion lies', async () => {
    at.hub.serveFiles('example/script', new Map([['script.py', Buffer.from('x')]]), { type: 'dataset' });
    use('hf:example/script');
    const { code, stderr } = await run();
    assert.equal(code, 1);
    assert.match(stderr, /holds no data files[^]*hf:example\/script@refs\/convert\/parquet/);
  });
});
