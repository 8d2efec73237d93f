import assert from 'node:assert/strict';
import { resolvedRun } from '../../../test/trainer/support/resolved-run.ts';
import { widestBatch } from './batch-limits.ts';

describe('the largest batch that settings allow', () => {
  const run = (method: Parameters<typeof resolvedRun>[0]['method']) =>
    resolvedRun({
      base: '/base',
      train: 'rows.csv',
      method,
      maxLength: 128,
      arguments: { per_device_train_batch_size: 8 },
    });
  const config = { max_position_embeddings: 512 };

  it('is of rows as long as max_length, or as the model can read', () => {
    const full = run({ full: {} });
    assert.deepEqual(widestBatch(full, config), { tokens: 1024, sequences: 8, length: 128 });
    assert.deepEqual(widestBatch(full, { max_position_embeddings: 100 }), {
      tokens: 800,
      sequences: 8,
      length: 100,
    });
  });

  it('has two texts in a row where these are pairs of answers', () => {
    const pairs = { tokens: 2048, sequences: 16, length: 128 };
    assert.deepEqual(widestBatch(run({ full: {}, dpo: {} }), config), pairs);
    const { data, ...rest } = run({ full: {} });
    const train = { ...data.train, dataset: { ...data.train.dataset, format: 'preference' as const } };
    assert.deepEqual(widestBatch({ ...rest, data: { ...data, train } }, config), pairs);
  });
});
