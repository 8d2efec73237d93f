import assert from 'node:assert/strict';
import type { ResolvedEvaluate } from '../../language/resolved.ts';
import { asClassifierEvaluation } from './classifier-evaluation.ts';

const EVALUATION: ResolvedEvaluate = {
  name: 'worth-it',
  file: '/w/a.tune.yaml',
  data: {
    dataset: { name: 'd', file: '/w/a.tune.yaml', files: {}, format: 'classification', columns: {} },
    split: 'test',
  },
  candidates: { before: { model: '/w/base' }, after: { run: 'full' } },
  metrics: ['accuracy', 'latency'],
};
const generation = {
  max_new_tokens: 8,
  do_sample: false,
  temperature: 1,
  top_p: 1,
  top_k: 50,
  repetition_penalty: 1,
  seed: 42,
};
const prompt = { name: 'ask', file: '/w/a.tune.yaml', template: '{{ text }}', generation };
const endpoint = { base_url: 'http://x', model: 'm', timeout: 1, max_retries: 0, max_concurrency: 1 };

describe('asClassifierEvaluation', () => {
  it('takes candidates that give labels as they are', () => {
    assert.deepEqual(asClassifierEvaluation(EVALUATION), EVALUATION);
  });

  const others: [string, Partial<ResolvedEvaluate>][] = [
    ['an endpoint', { candidates: { gpt: { endpoint, prompt } } }],
    ['a prompt', { candidates: { base: { model: '/w/base', prompt } } }],
    ['generation settings', { candidates: { base: { model: '/w/base', generation } } }],
    ['a metric of written answers', { metrics: ['accuracy', 'rougeL'] }],
    ['assertions', { assertions: { polite: { contains: 'please' } } }],
    [
      'rows without labels',
      { data: { ...EVALUATION.data, dataset: { ...EVALUATION.data.dataset, format: 'text' } } },
    ],
  ];
  for (const [what, change] of others)
    it(`leaves ${what} to those who write`, () =>
      assert.equal(asClassifierEvaluation({ ...EVALUATION, ...change }), undefined));

  it('keeps the order of the metrics: the verdict goes by the first', () =>
    assert.deepEqual(
      asClassifierEvaluation({ ...EVALUATION, metrics: ['latency', 'macro_f1', 'accuracy'] })?.metrics,
      ['latency', 'macro_f1', 'accuracy'],
    ));
});
