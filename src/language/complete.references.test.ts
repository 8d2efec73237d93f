import assert from 'node:assert/strict';
import { completeAt, labelsAt, takeAt } from './testing/complete-at.ts';

const DATASETS = [
  'dataset: intents\nfiles: { train: data/train.csv, test: data/test.csv }\nformat: classification',
  'dataset: pages\nfiles: { all: pages.txt }\nformat: text',
].join('\n---\n');

describe('completion of references', () => {
  it('offers the splits of every data set, those of the format that the task needs first', async () => {
    assert.deepEqual(await labelsAt(`${DATASETS}\n---\nrun: a\ndata: { train: | }`), [
      'intents.train',
      'intents.test',
      'pages.all',
    ]);
    const [first] = await labelsAt(
      `${DATASETS}\n---\nrun: a\nmodel: { task: fill-mask }\ndata:\n  train: |\n`,
    );
    assert.equal(first, 'pages.all');
  });

  it('shows the files of a split', async () => {
    const [first] = await completeAt(`${DATASETS}\n---\nevaluate: a\ndata: int|`);
    assert.match(first?.documentation ?? '', /data\/train\.csv/);
    assert.match(first?.documentation ?? '', /dataset intents/);
  });

  it('offers splits that are inherited, and those of the neighbours', async () => {
    const files = {
      '/work/b.tune.yaml': 'dataset: far\nextends: a.tune.yaml#intents\nfiles: { dev: d.csv }\n',
    };
    const labels = await labelsAt(`${DATASETS}\n---\nevaluate: a\ndata: |`, files);
    assert.deepEqual(labels, [
      'intents.train',
      'intents.test',
      'far.train',
      'far.test',
      'far.dev',
      'pages.all',
    ]);
  });

  it('names the file where a name alone could mean two documents', async () => {
    const files = {
      '/work/b.tune.yaml': 'dataset: d\nfiles: { one: x.csv }\n',
      '/work/c.tune.yaml': 'dataset: d\nfiles: { two: x.csv }\n',
    };
    const labels = await labelsAt('evaluate: a\ndata: |', files);
    assert.deepEqual(labels.sort(), ['b.tune.yaml#d.one', 'c.tune.yaml#d.two']);
  });

  it('offers the documents of a file that has been typed', async () => {
    const files = { '/work/conf/d.tune.yaml': 'run: small\ntrain: { seed: 1 }\n---\nrun: large\n' };
    const labels = await labelsAt('run: a\nextends: conf/d.tune.yaml#|\n', files);
    assert.deepEqual(labels, ['conf/d.tune.yaml#small', 'conf/d.tune.yaml#large']);
  });

  it('offers documents to extend: of the same kind, not itself, not those that extend it', async () => {
    const text = 'run: a\nextends: |\n---\nrun: b\nextends: a\n---\nrun: c\n---\ndataset: d\n';
    assert.deepEqual(await labelsAt(text), ['c']);
  });

  it('offers runs of the configs and of the disk to evaluate', async () => {
    const text = 'run: mine\n---\nevaluate: e\ncandidates:\n  tuned: { run: | }\n';
    const runs = await completeAt(text, {}, { runs: ['mine', 'older'] });
    assert.deepEqual(
      runs.map(({ label, detail }) => [label, detail]),
      [
        ['mine', 'run'],
        ['older', 'finished run'],
      ],
    );
  });

  it('offers model folders, runs and scratch as a base', async () => {
    const files = {
      '/work/base/config.json': '{}',
      '/work/models/tiny/config.json': '{}',
      '/work/.git/x': '',
    };
    const text = 'run: other\n---\nrun: a\nmodel:\n  base: |\n';
    assert.deepEqual(await labelsAt(text, files), ['base', 'models/', 'run:other', 'scratch']);
    assert.match(await takeAt('base', text, files), /base: \.\/base\n/);
    const cached = { '/hf/models--o--n-s/refs/main': 'c' };
    assert.ok((await labelsAt(text, cached, { hubCache: '/hf' })).includes('hf:o/n-s'));
    const inside = 'run: a\nmodel:\n  base: models/t|\n';
    assert.match(await takeAt('tiny', inside, files), /base: \.\/models\/tiny\n/);
  });

  it('compares a folder with what is typed, with and without the dot', async () => {
    const files = { '/work/base/config.json': '{}' };
    const [plain] = await completeAt('run: a\nmodel: { base: b| }', files);
    assert.equal(plain?.filterText, 'base');
    const [dotted] = await completeAt('run: a\nmodel: { base: ./b| }', files);
    assert.equal(dotted?.filterText, './base');
  });

  it('offers folders with a tokenizer first', async () => {
    const files = { '/work/b/tokenizer.json': '{}', '/work/a/x': '' };
    assert.deepEqual(await labelsAt('run: a\nmodel: { tokenizer: | }', files), ['b', 'a/']);
  });

  it('offers data files, by folder', async () => {
    const files = {
      '/work/data/train.csv': '',
      '/work/data/train.jsonl.gz': '',
      '/work/data/notes.md': '',
      '/work/data/raw/x.csv': '',
      '/work/node_modules/x.csv': '',
    };
    assert.deepEqual(await labelsAt('dataset: a\nfiles:\n  train: |\n', files), ['data/', '[ ]']);
    assert.deepEqual(await labelsAt('dataset: a\nfiles: { train: data/| }', files), [
      'raw/',
      'train.csv',
      'train.jsonl.gz',
      '[ ]',
    ]);
    const taken = await takeAt('train.csv', 'dataset: a\nfiles:\n  train: [data/tr|]\n', files);
    assert.equal(taken, 'dataset: a\nfiles:\n  train: [data/train.csv]\n');
    assert.deepEqual(await labelsAt('dataset: a\nfiles:\n  train: ../w|\n', files), ['work/', '[ ]']);
  });

  it('quotes a path that YAML would read otherwise', async () => {
    const files = { '/work/a b: c.csv': '' };
    const text = await takeAt('a b: c.csv', 'dataset: a\nfiles: { train: | }', files);
    assert.equal(text, 'dataset: a\nfiles: { train: "a b: c.csv" }');
  });
});
