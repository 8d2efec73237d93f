import assert from 'node:assert/strict';
import { readTaskFixture } from '../testing/task-fixture.ts';
import { entitiesOf, EntityCounts } from './entities.ts';

describe('entities, beside seqeval', () => {
  const cases = readTaskFixture().entities;

  it('are the same for every sequence of tags, ugly ones too', () => {
    for (const { expected, entities } of cases) {
      expected.forEach((tags, sentence) => {
        const made = entitiesOf(tags).map(({ type, first, last }) => [type, first, last]);
        assert.deepEqual(made, entities[sentence], tags.join(' '));
      });
    }
  });

  it('give the same precision, recall and F1', () => {
    for (const { expected, predicted, precision, recall, f1 } of cases) {
      const counts = new EntityCounts();
      expected.forEach((tags, sentence) => counts.add(predicted[sentence]!, tags));
      const made = counts.metrics();
      assert.ok(Math.abs(made.precision - precision) < 1e-12);
      assert.ok(Math.abs(made.recall - recall) < 1e-12);
      assert.ok(Math.abs(made.f1 - f1) < 1e-12);
    }
  });

  it('are none where there is none: 0, not NaN', () => {
    const counts = new EntityCounts();
    counts.add(['O'], ['O']);
    assert.deepEqual(counts.metrics(), { precision: 0, recall: 0, f1: 0 });
  });
});
