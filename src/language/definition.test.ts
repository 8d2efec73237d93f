import assert from 'node:assert/strict';
import { definitionAt } from './testing/hover-at.ts';

const DATASET = 'dataset: intents\nfiles: { train: data/train.csv }\n';

describe('findDefinition', () => {
  const cases: [name: string, marked: string, expected: string | undefined][] = [
    [
      'the files of a split',
      `${DATASET}---\nevaluate: a\ndata: intents.tr|ain\n`,
      '/work/a.tune.yaml:2 data/train.csv',
    ],
    ['a document to extend', 'run: b\n---\nrun: a\nextends: |b\n', '/work/a.tune.yaml:1 run'],
    ['a document of another file', 'run: a\nextends: x.tune.yaml#s|mall\n', '/work/x.tune.yaml:2 run'],
    [
      'a run to evaluate',
      'run: b\n---\nevaluate: a\ncandidates: { x: { run: b|@1234 } }\n',
      '/work/a.tune.yaml:1 run',
    ],
    ['the run behind a model', 'run: b\n---\nrun: a\nmodel: { base: run:|b }\n', '/work/a.tune.yaml:1 run'],
    ['the run of a sweep', 'run: b\n---\nsweep: a\nrun: |b\n', '/work/a.tune.yaml:1 run'],
    [
      'the evaluation of an objective',
      'evaluate: e\n---\nobjective: a\nevaluate: e|\n',
      '/work/a.tune.yaml:1 evaluate',
    ],
    [
      'the candidate of an objective',
      'evaluate: e\ncandidates: { x: { run: r } }\n---\nobjective: a\nevaluate: e\ncandidate: |x\n',
      '/work/a.tune.yaml:2 { run: r }',
    ],
    [
      'the prompt of a candidate',
      'prompt: p\n---\nevaluate: a\ncandidates: { x: { run: b, prompt: p| } }\n',
      '/work/a.tune.yaml:1 prompt',
    ],
    [
      'the data of few-shot examples',
      `${DATASET}---\nprompt: a\nexamples: { data: intents.tr|ain }\n`,
      '/work/a.tune.yaml:2 data/train.csv',
    ],
    ['the model of an export', 'run: b\n---\nexport: a\nmodel: run:|b\n', '/work/a.tune.yaml:1 run'],
    ['a variable', 'run: a\nvars:\n  rate: 1\ntrain:\n  seed: ${vars.r|ate}\n', '/work/a.tune.yaml:3 rate'],
    [
      'a variable that is inherited',
      'run: a\nextends: x.tune.yaml#small\ntrain:\n  seed: ${vars.s|eed}\n',
      '/work/x.tune.yaml:3 seed',
    ],
    ['a variable of the environment', 'run: a\ntrain:\n  seed: ${env.S|EED}\n', undefined],
    ['an alias', 'run: a\ntrain: &t { seed: 1 }\nvars: { x: *t| }\n', '/work/a.tune.yaml:2 t'],
    ['a merge key', 'run: a\ntrain: &t { seed: 1 }\nvars: { <<: |*t }\n', '/work/a.tune.yaml:2 t'],
    ['an alias of another document', 'run: a\ntrain: &t { seed: 1 }\n---\nrun: b\ntrain: *t|\n', undefined],
    ['a data file', DATASET.replace('train.csv', 'tr|ain.csv'), '/work/data/train.csv'],
    ['a model folder', 'run: a\nmodel: { base: ./ba|se }\n', '/work/base/config.json'],
    ['a tokenizer folder', 'run: a\nmodel: { tokenizer: ../to|k }\n', '/tok/tokenizer.json'],
    ['a name that means nothing', 'run: a\nextends: no|thing\n', undefined],
    ['a split that is not there', `${DATASET}---\nevaluate: a\ndata: intents.d|ev\n`, undefined],
    ['a field', 'run: a\nex|tends: a\n', undefined],
    ['a model on the Hub', 'run: a\nmodel: { base: hf:b|ert }\n', undefined],
  ];
  const files = { '/work/x.tune.yaml': '# defaults\nrun: small\nvars: { seed: 1 }\n' };
  for (const [name, marked, expected] of cases) {
    it(`follows ${name}`, async () => assert.equal(await definitionAt(marked, files), expected));
  }
});
