import assert from 'node:assert/strict';
import { referencesAt } from './testing/names-at.ts';

const DATASET = 'dataset: intents\nfiles: { train: a.csv, test: b.csv }\n';
const RUN = 'run: a\ndata: { train: intents.train, eval: intents.test }\n';

describe('findReferences', () => {
  it('finds a data set where it is named and where its splits are', async () => {
    const expected = ['a:1:10 intents*', 'a:5:16 intents', 'a:5:37 intents'];
    assert.deepEqual(await referencesAt(`${DATASET.replace('intents', 'int|ents')}---\n${RUN}`), expected);
    assert.deepEqual(
      await referencesAt(`${DATASET}---\n${RUN.replace('intents.t', 'inte|nts.t')}`),
      expected,
    );
    assert.deepEqual(await referencesAt(`${DATASET.replace('dataset', 'data|set')}---\n${RUN}`), expected);
  });

  it('finds a split apart from its data set', async () => {
    const expected = ['a:2:10 train*', 'a:5:24 train'];
    assert.deepEqual(await referencesAt(`${DATASET.replace('train', 'tr|ain')}---\n${RUN}`), expected);
    assert.deepEqual(await referencesAt(`${DATASET}---\n${RUN.replace('.train', '.tr|ain')}`), expected);
  });

  it('finds a split that is inherited, and replaced, as one name', async () => {
    const child =
      'dataset: more\nextends: intents\nfiles: { train: c.csv }\n---\nevaluate: e\ndata: more.train\n';
    const text = `${DATASET.replace('train', '|train')}---\n${child}`;
    assert.deepEqual(await referencesAt(text), ['a:2:10 train*', 'a:6:10 train*', 'a:9:12 train']);
  });

  it('finds a run in other files, in candidates, behind `run:` and with an id', async () => {
    const files = {
      '/work/b.tune.yaml': 'run: c\nextends: a\nmodel: { base: run:a }\n',
      '/work/sub/d.tune.yaml': 'evaluate: e\ncandidates: { x: { run: "../a.tune.yaml#a" }, y: { run: a } }\n',
      '/work/f.tune.yaml': 'evaluate: e\ncandidates: { x: { run: a@2026 } }\n',
    };
    assert.deepEqual(await referencesAt('run: a|\n', files), [
      'a:1:6 a*',
      'b:2:10 a',
      'b:3:20 a',
      'f:2:25 a',
      'sub/d:2:41 a',
    ]);
  });

  it('tells names of one kind from those of another, and of one folder from those of another', async () => {
    const files = {
      '/work/sub/b.tune.yaml': 'run: a\n---\nrun: b\nextends: a\n',
      '/work/c.tune.yaml': 'evaluate: a\n',
    };
    assert.deepEqual(await referencesAt('run: |a\n---\ndataset: a\n', files), ['a:1:6 a*']);
  });

  it('finds what stands behind an alias once', async () => {
    const text = 'run: base\n---\nrun: b\nextends: &e b|ase\nmodel: { base: x }\ndata: { train: *e }\n';
    assert.deepEqual(await referencesAt(text), ['a:1:6 base*', 'a:4:13 base']);
  });

  const ANCHORS =
    'run: a\nmodel: &m { base: x }\ntrain: &t !!map { seed: 1 }\ndata: { train: "&m *m" } # *m\n---\nrun: b\ntrain:\n  <<: [*t]\n---\nrun: c\ntrain: &t\n  seed: 1\nvars:\n  one: { <<: *t }\n  two: &t { x: 2 }\n  three: *t\n';

  it('finds an anchor and its aliases, in its own document and as far as another one of the name', async () => {
    const at = (to: string) => referencesAt(ANCHORS.replace(to, `${to}|`));
    assert.deepEqual(await at('&m'), ['a:2:9 m*']);
    assert.deepEqual(await at('train: &'), ['a:3:9 t*']);
    const first = ['a:11:9 t*', 'a:14:15 t'];
    assert.deepEqual(await at('train: &t\n'.trimEnd()), ['a:3:9 t*']);
    assert.deepEqual(await at('one: { <<: *t'), first);
    assert.deepEqual(await at('two: &'), ['a:15:9 t*', 'a:16:11 t']);
    assert.deepEqual(await at('three: *t'), ['a:15:9 t*', 'a:16:11 t']);
    // An alias that stands for nothing, and what only looks like one.
    for (const nothing of ['<<: [*t', '"&m', '*m" } # *m']) assert.deepEqual(await at(nothing), []);
  });

  it('finds what sweeps, objectives and prompts refer to', async () => {
    const text =
      'run: a|\n---\nsweep: s\nrun: a\nover: { train.seed: [1] }\n---\nevaluate: e\ndata: d.test\ncandidates: { one: { run: a }, two: { model: x, prompt: p } }\n---\nobjective: o\nevaluate: e\ncandidate: one\n---\nprompt: p\n';
    const move = (to: string) => text.replace('|', '').replace(to, `${to}|`);
    assert.deepEqual(await referencesAt(text), ['a:1:6 a*', 'a:4:6 a', 'a:9:27 a']);
    assert.deepEqual(await referencesAt(move('candidates: { one')), ['a:9:15 one*', 'a:13:12 one']);
    assert.deepEqual(await referencesAt(move('evaluate: e')), ['a:7:11 e*', 'a:12:11 e']);
    assert.deepEqual(await referencesAt(move('prompt: p')), ['a:9:57 p', 'a:15:9 p*']);
  });

  it('finds candidates, and nothing where there is no name', async () => {
    const text =
      'evaluate: e\ncandidates: { on|e: { model: x } }\n---\nevaluate: f\nextends: e\ncandidates: { one: { model: y } }\n';
    assert.deepEqual(await referencesAt(text), ['a:2:15 one*', 'a:6:15 one*']);
    for (const nothing of ['|', 'run: a\nmod|el: { base: x }\n', 'run: a\nextends: no|thing\n', 'a: [|'])
      assert.deepEqual(await referencesAt(nothing), []);
  });

  it('finds variables, in texts with others and through what is inherited', async () => {
    const text =
      'run: a\nvars: { rate: 1e-4, more: "${vars.rate}" }\ntrain: { learning_rate: "${vars.ra|te}" }\n---\nrun: b\nextends: a\nvars: { rate: 2e-4 }\nmodel: { base: "m/${vars.more}-${vars.rate}" }\n---\nrun: c\nvars: { rate: 1 }\n';
    assert.deepEqual(await referencesAt(text), [
      'a:2:9 rate*',
      'a:2:35 rate',
      'a:3:33 rate',
      'a:7:9 rate*',
      'a:8:39 rate',
    ]);
  });
});
