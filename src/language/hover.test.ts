import assert from 'node:assert/strict';
import { hoverAt } from './testing/hover-at.ts';
import type { World } from './testing/complete-at.ts';

const WORLD: World = {
  data: {
    '/work/data/train.csv': {
      rows: 1412,
      columns: ['text', 'intent'],
      examples: [{ text: 'make it *larger* | now', intent: 'zoom' }],
      labels: { zoom: 1000, blame: 412 },
    },
    '/work/data/test.csv': {
      rows: 20,
      columns: ['text', 'intent'],
      labels: Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`label-${i}`, 10 - i])),
    },
  },
  models: { '/work/base': { modules: ['query', 'value'], parameters: 1_234_567 } },
};

const DATASET =
  'dataset: intents\nfiles: { train: data/train.csv, test: data/test.csv }\nformat: classification\n';

describe('hover over a field', () => {
  it('says what it does, what it takes, its default, and its name at Hugging Face', async () => {
    const found = await hoverAt('run: a\ntrain:\n  learn|ing_rate: 1\n');
    assert.equal(found?.about, 'learning_rate');
    assert.match(found?.markdown ?? '', /^\*\*learning_rate\*\* · a number from 0\n\nPeak learning rate/);
    assert.match(found?.markdown ?? '', /Default: `5\.0e-5`/);
    assert.match(found?.markdown ?? '', /Same as `transformers\.TrainingArguments\.learning_rate`/);
  });

  it('lists the values of an enumeration', async () => {
    const found = await hoverAt('run: a\nmodel: { ta|sk: fill-mask }\n');
    assert.match(found?.markdown ?? '', /- `fill-mask`: Masked-language pretraining/);
  });

  it('says that a field must stand', async () => {
    assert.match((await hoverAt('run: a\nmo|del: {}\n'))?.markdown ?? '', /· required/);
  });

  it('explains the kind word', async () => {
    assert.match((await hoverAt('ru|n: a\n'))?.markdown ?? '', /One training run/);
  });

  it('is silent about what the language does not know, and between things', async () => {
    assert.equal(await hoverAt('run: a\ntran|: {}\n'), undefined);
    assert.equal(await hoverAt('run: a\n|\ntrain: {}\n'), undefined);
    assert.equal(await hoverAt('foo: b|ar\n'), undefined);
  });

  it('works beside broken lines', async () => {
    const found = await hoverAt('run: a\nmodel: { base: x\ntrain:\n  see|d: 1\n');
    assert.equal(found?.about, 'seed');
  });
});

describe('hover and extends', () => {
  const parents = 'run: base\nmodel: { base: ./m }\ntrain: { seed: 7, weight_decay: 0.1 }\n---\n';

  it('says what a value replaces', async () => {
    const found = await hoverAt(`${parents}run: a\nextends: base\ntrain:\n  see|d: 8\n`);
    assert.match(
      found?.markdown ?? '',
      /Effective value: `8`, written here; `base` \(a\.tune\.yaml:3\) has `7`\./,
    );
  });

  it('says what a map takes from others', async () => {
    const found = await hoverAt(`${parents}run: a\nextends: base\ntra|in:\n  seed: 8\n`);
    assert.match(found?.markdown ?? '', /- `weight_decay: 0\.1` from `base` \(a\.tune\.yaml:3\)/);
    assert.doesNotMatch(found?.markdown ?? '', /`seed: 7`/);
  });

  it('lists everything over the word extends', async () => {
    const found = await hoverAt(`${parents}run: a\next|ends: base\n`);
    assert.match(found?.markdown ?? '', /- `model\.base: \.\/m` from `base`/);
    assert.match(found?.markdown ?? '', /- `train\.seed: 7` from `base`/);
  });

  it('shows the document behind the name', async () => {
    const found = await hoverAt(`${parents}run: a\nextends: ba|se\n`);
    assert.equal(found?.about, 'base');
    assert.match(found?.markdown ?? '', /\*\*run base\*\* \(a\.tune\.yaml:1\)/);
  });

  it('finds values in other files', async () => {
    const files = { '/work/d/d.tune.yaml': 'run: small\ntrain: { seed: 3 }\n' };
    const found = await hoverAt('run: a\nextends: d/d.tune.yaml#small\ntrain: { see|d: 4 }\n', files);
    assert.match(found?.markdown ?? '', /`small` \(d\.tune\.yaml:2\) has `3`/);
  });
});

describe('hover over a value', () => {
  it('explains a value of an enumeration', async () => {
    const found = await hoverAt('run: a\nmodel: { task: fill|-mask }\n');
    assert.equal(found?.about, 'fill-mask');
    assert.match(found?.markdown ?? '', /^\*\*fill-mask\*\* · a value of task\n\nMasked-language/);
  });

  it('explains an item of a list', async () => {
    const found = await hoverAt('evaluate: a\nmetrics: [accuracy, macro|_f1]\n');
    assert.match(found?.markdown ?? '', /Mean of the F1 scores/);
  });

  it('explains the field of any other value', async () => {
    assert.match((await hoverAt('run: a\ntrain: { seed: 1|2 }\n'))?.markdown ?? '', /^\*\*seed\*\*/);
  });
});

describe('hover over variables', () => {
  it('shows the value, and where it is said', async () => {
    const found = await hoverAt('run: a\nvars: { rate: 1.0e-4 }\ntrain:\n  learning_rate: ${vars.r|ate}\n');
    const text = found?.markdown ?? '';
    assert.match(text, /`\$\{vars\.rate\}` is `1\.0e-4`, from `vars` of `a` \(a\.tune\.yaml:2\)/);
    assert.match(text, /\*\*learning_rate\*\*/);
  });

  it('follows a name that is put together', async () => {
    const text = `${DATASET}---\nrun: a\nvars: { set: intents }\ndata:\n  train: \${vars.set}.tr|ain\n`;
    const found = await hoverAt(text, {}, WORLD);
    assert.match(found?.markdown ?? '', /is `intents`/);
    assert.match(found?.markdown ?? '', /1,412 rows/);
  });

  it('does not show what the environment holds', async () => {
    const world = { environment: { KEY: 'secret' } };
    const found = await hoverAt('run: a\nmodel: { base: "${env.K|EY}" }\n', {}, world);
    assert.match(found?.markdown ?? '', /is set in the environment/);
    assert.ok(!(found?.markdown ?? '').includes('secret'));
  });
});

describe('hover over data and models', () => {
  it('shows rows, columns, examples and labels of a split, as they are', async () => {
    const found = await hoverAt(`${DATASET}---\nrun: a\ndata: { train: intents.tr|ain }\n`, {}, WORLD);
    const text = found?.markdown ?? '';
    assert.equal(found?.about, 'intents.train');
    assert.match(text, /\*\*intents\.train\*\* · 1,412 rows · columns `text`, `intent`/);
    assert.ok(text.includes('| make it \\*larger\\* \\| now | zoom |'), text);
    assert.match(text, /2 labels:\n\n- `zoom` 1,000 \(70\.8 %\)\n- `blame` 412 \(29\.2 %\)/);
    assert.match(text, /\*\*dataset intents\*\*/);
  });

  it('names the rarest of many labels', async () => {
    const found = await hoverAt(DATASET.replace('test:', 'te|st:'), {}, WORLD);
    assert.match(found?.markdown ?? '', /10 labels/);
    assert.match(found?.markdown ?? '', /… and 2 more, the rarest `label-9` with 1/);
  });

  it('shows the facts over a path under files', async () => {
    const found = await hoverAt(DATASET.replace('data/train', 'data/tr|ain'), {}, WORLD);
    assert.match(found?.markdown ?? '', /1,412 rows/);
  });

  it('says so where they are not known', async () => {
    const found = await hoverAt(DATASET.replace('data/train', 'data/tr|ain'));
    assert.match(found?.markdown ?? '', /not known yet/);
  });

  it('shows the model behind a folder, and the run behind a name', async () => {
    const model = await hoverAt('run: a\nmodel: { base: ./ba|se }\n', {}, WORLD);
    assert.match(model?.markdown ?? '', /`bert` · 1,234,567 parameters/);
    assert.match(model?.markdown ?? '', /`query`, `value`/);
    const run = await hoverAt('run: b\n---\nevaluate: a\ncandidates: { x: { run: |b } }\n');
    assert.match(run?.markdown ?? '', /\*\*run b\*\*/);
  });
});
