import assert from 'node:assert/strict';
import type { ResolvedEvaluate } from '../../language/resolved.ts';
import { TunebookError } from '../../protocol/error.ts';
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

  const refused: [string, Partial<ResolvedEvaluate>, string][] = [
    ['an endpoint', { candidates: { gpt: { endpoint, prompt } } }, 'asks an `endpoint` ("gpt")'],
    ['a prompt', { candidates: { base: { model: '/w/base', prompt } } }, 'asks "base" by a `prompt`'],
    [
      'generation settings',
      { candidates: { base: { model: '/w/base', generation } } },
      'sets `generation` of "base"',
    ],
    ['a metric of written answers', { metrics: ['accuracy', 'rougeL'] }, 'measures `rougeL`'],
    ['assertions', { assertions: { polite: { contains: 'please' } } }, 'has `assertions` on written answers'],
  ];
  for (const [what, change, sentence] of refused)
    it(`says that ${what} cannot be carried out yet, instead of leaving it out`, () => {
      assert.throws(
        () => asClassifierEvaluation({ ...EVALUATION, ...change }),
        (error) =>
          error instanceof TunebookError &&
          error.code === 'evaluate/unsupported' &&
          error.message ===
            `The evaluation "worth-it" ${sentence}, which this version of Tunebook cannot carry out yet.`,
      );
    });
});
