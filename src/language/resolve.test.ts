import assert from 'node:assert/strict';
import { loadProject } from './load.ts';
import { findDocument, resolveEvaluate, resolveRun } from './resolve.ts';
import { MemoryHost } from './testing/memory-host.ts';

const PATH = '/w/a.tune.yaml';

async function load(text: string, others: Record<string, string> = {}) {
  return loadProject([PATH], new MemoryHost({ files: { [PATH]: text, ...others } }));
}

const DATASET = `dataset: intents
files: { train: data/train.csv, test: [data/a.csv, /abs/b.csv] }
format: classification
columns: { label: intent }
`;

const RUN = `${DATASET}---
run: lora
model: { base: base }
data: { train: intents.train, eval: intents.test }
`;

describe('resolveRun', () => {
  it('fills in every default and makes paths absolute', async () => {
    const project = await load(RUN);
    const run = resolveRun(project, findDocument(project, PATH, 'run'));
    assert.deepEqual(run.model, { base: '/w/base', task: 'text-classification' });
    assert.deepEqual(run.data.train, {
      split: 'train',
      dataset: {
        name: 'intents',
        file: PATH,
        files: { train: ['/w/data/train.csv'], test: ['/w/data/a.csv', '/abs/b.csv'] },
        format: 'classification',
        columns: { text: 'text', label: 'intent' },
      },
    });
    assert.equal(run.data.eval?.split, 'test');
    assert.equal(run.data.max_length, 128);
    assert.ok(!('mlm_probability' in run.data));
    assert.deepEqual(run.method, { full: {} });
    assert.deepEqual(run.target, { local: { device: 'auto' } });
    assert.equal(run.train.learning_rate, 5e-5);
    assert.ok(Object.values(run.train).every((value) => value !== undefined));
  });

  it('derives what TrainingArguments.__post_init__ derives', async () => {
    const best = 'train: { load_best_model_at_end: true, eval_strategy: steps, logging_steps: 20, seed: 7 }';
    const project = await load(`${RUN}${best}\n`);
    const { train } = resolveRun(project, findDocument(project, PATH, 'run', 'lora'));
    assert.equal(train.eval_steps, 20);
    assert.equal(train.data_seed, 7);
    assert.equal(train.metric_for_best_model, 'loss');
    assert.equal(train.greater_is_better, false);
  });

  it('takes greater as better for a metric that is no loss', async () => {
    const project = await load(`${RUN}train: { metric_for_best_model: macro_f1, eval_steps: 5 }\n`);
    const { train } = resolveRun(project, findDocument(project, PATH, 'run'));
    assert.equal(train.greater_is_better, true);
    assert.equal(train.eval_steps, 5);
  });

  it('fills in LoRA beside what is set, and leaves modules_to_save out where nothing is saved', async () => {
    const project = await load(`${RUN}method: { lora: { r: 4 } }\n`);
    const { method } = resolveRun(project, findDocument(project, PATH, 'run'));
    assert.deepEqual(method, {
      lora: {
        r: 4,
        lora_alpha: 8,
        lora_dropout: 0,
        bias: 'none',
        use_rslora: false,
        use_dora: false,
        rank_pattern: {},
        alpha_pattern: {},
        init_lora_weights: true,
      },
    });
  });

  it('reads paths and data sets from the file in which they stand', async () => {
    const project = await load(
      'run: child\nextends: ../shared/b.tune.yaml#lora\ndata: { max_length: 64 }\n',
      {
        '/shared/b.tune.yaml': RUN,
      },
    );
    const run = resolveRun(project, findDocument(project, PATH, 'run', 'child'));
    assert.equal(run.name, 'child');
    assert.equal(run.file, PATH);
    assert.equal(run.model.base, '/shared/base');
    assert.equal(run.data.max_length, 64);
    assert.deepEqual(run.data.train.dataset.files.train, ['/shared/data/train.csv']);
  });

  it('replaces an inherited method by another one', async () => {
    const project = await load(
      `${RUN}method: { lora: { r: 4 } }\n---\nrun: full\nextends: lora\nmethod: { full: {} }\n`,
    );
    assert.deepEqual(resolveRun(project, findDocument(project, PATH, 'run', 'full')).method, { full: {} });
  });

  it('takes null for unset', async () => {
    const project = await load(`${RUN}train:\nmethod:\ntarget:\n`);
    const run = resolveRun(project, findDocument(project, PATH, 'run'));
    assert.equal(run.train.seed, 42);
    assert.deepEqual(run.method, { full: {} });
  });

  it('resolves pretraining from scratch with the defaults of its architecture', async () => {
    const project = await load(`dataset: corpus
files: { train: corpus.txt }
format: text
---
run: pretrain
model: { base: scratch, task: fill-mask, tokenizer: tok, architecture: { model_type: bert, hidden_size: 64 } }
data: { train: corpus.train }
`);
    const run = resolveRun(project, findDocument(project, PATH, 'run'));
    assert.equal(run.model.base, 'scratch');
    assert.equal(run.model.tokenizer, '/w/tok');
    assert.equal(run.model.architecture?.hidden_size, 64);
    assert.equal(run.model.architecture?.num_hidden_layers, 12);
    assert.ok(!('vocab_size' in (run.model.architecture ?? {})));
    assert.equal(run.data.mlm_probability, 0.15);
    assert.deepEqual(run.data.train.dataset.columns, { text: 'text' });
  });

  it('leaves hf: and run: as they are', async () => {
    for (const base of ['hf:bert-base-cased', 'run:other@2026']) {
      const project = await load(RUN.replace('base: base', `base: ${base}`));
      assert.equal(resolveRun(project, findDocument(project, PATH, 'run')).model.base, base);
    }
  });

  it('refuses what was not checked', async () => {
    const project = await load(RUN.replace('base: base', 'base: 3'));
    assert.throws(() => resolveRun(project, findDocument(project, PATH, 'run')), /it is not valid/);
  });
});

describe('resolveEvaluate', () => {
  it('fills in metrics, the data set, and absolute model folders', async () => {
    const project = await load(`${DATASET}---
evaluate: worth-it
data: intents.test
candidates:
  base: { model: base }
  tuned: { run: lora@2026 }
`);
    const evaluation = resolveEvaluate(project, findDocument(project, PATH, 'evaluate'));
    assert.equal(evaluation.name, 'worth-it');
    assert.deepEqual(evaluation.candidates, { base: { model: '/w/base' }, tuned: { run: 'lora@2026' } });
    assert.deepEqual(evaluation.metrics, ['accuracy', 'macro_f1']);
    assert.equal(evaluation.data.dataset.name, 'intents');
    assert.equal(evaluation.data.split, 'test');
  });
});
