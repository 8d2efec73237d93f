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

  it('has as many texts in a row as are packed together of those that are known, the longest of them the longest', () => {
    const full = run({ full: {} });
    const limits = (...texts: number[]) => widestBatch(full, config, Int32Array.from(texts));
    assert.deepEqual(limits(128, 100, 10, 9, 9, 64), { tokens: 1024, sequences: 8 * 4, length: 128 });
    assert.deepEqual(limits(8, 8, 8, 8), { tokens: 1024, sequences: 8 * 4, length: 8 });
    // Shorter rows hold fewer of them, and no more of one than they are long.
    const shorter = { ...full, data: { ...full.data, max_length: 16 } };
    assert.deepEqual(widestBatch(shorter, config, Int32Array.of(30, 8, 8, 8)), {
      tokens: 128,
      sequences: 8 * 2,
      length: 16,
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
