import assert from 'node:assert/strict';
import { completeAt, labelsAt, takeAt, type World } from './testing/complete-at.ts';

const FACTS: World = {
  data: {
    '/work/data/train.csv': {
      rows: 3,
      columns: ['utterance', 'intent'],
      examples: [{ utterance: 'make it larger', intent: 'zoom' }],
      labels: { zoom: 2, blame: 1 },
      problems: [],
    },
  },
  models: {
    '/work/base': {
      model_type: 'bert',
      parameters: 1,
      hidden_size: 8,
      max_position_embeddings: 64,
      modules: ['query', 'key'],
      problems: [],
    },
  },
};

const DATASET = 'dataset: intents\nfiles: { train: data/train.csv }\nformat: classification\n';

describe('completion from data and models', () => {
  it('offers the columns of the data, with examples', async () => {
    const columns = await completeAt(`${DATASET}columns: { text: | }`, {}, FACTS);
    assert.deepEqual(
      columns.slice(0, 2).map(({ label }) => label),
      ['utterance', 'intent'],
    );
    assert.match(columns[0]?.documentation ?? '', /make it larger/);
  });

  it('offers no columns where nobody knows them', async () => {
    assert.deepEqual(await labelsAt(`${DATASET}columns: { text: | }`), ['text']);
  });

  it('offers the labels of the data: the list, or one by one', async () => {
    assert.match(await takeAt('2 labels', `${DATASET}labels: |\n`, {}, FACTS), /labels: \[blame, zoom\]\n/);
    assert.deepEqual(await labelsAt(`${DATASET}labels: [blame, |]\n`, {}, FACTS), ['zoom']);
  });

  it('offers the number of labels that the training data has', async () => {
    const [first] = await completeAt(
      `${DATASET}---\nrun: a\nmodel: { num_labels: | }\ndata: { train: intents.train }\n`,
      {},
      FACTS,
    );
    assert.deepEqual([first?.label, first?.detail], ['2', 'labels in the data']);
  });

  it('offers the layers of the model', async () => {
    const run = 'run: a\nmodel: { base: ./base }\nmethod:\n  lora:\n    target_modules: [query, |]\n';
    assert.deepEqual(await labelsAt(run, {}, FACTS), ['key']);
  });
});
