import assert from 'node:assert/strict';
import { stream } from '../testing/example.ts';
import { diagnose, expectProblem, summary } from '../testing/expect-problem.ts';

const DATA =
  'dataset: facts\nfiles: { test: test.csv }\nformat: prompt-completion\ncolumns: { prompt: text, completion: intent }\n';
const TEXTS = 'dataset: facts\nfiles: { test: test.csv }\nformat: text\n';
const EVALUATE =
  'evaluate: which\ndata: facts.test\ncandidates: { before: { model: base }, after: { model: base } }\n';
const ENDPOINT = '{ base_url: "http://localhost:8080/v1", model: m }';
const ask = (judge: string, evaluate = EVALUATE, data = DATA) => stream(data, `${evaluate}${judge}\n`);

describe('the judge of an evaluation', () => {
  it('is right as a model or an endpoint, with words of its own', async () => {
    for (const judge of [
      'judge: { model: base }',
      `judge: { endpoint: ${ENDPOINT}, criteria: brevity, generation: { max_new_tokens: 512 } }\nmetrics: [win_rate]`,
      'judge: { model: base, template: "{{ answer_a }} or {{ answer_b }}? [[A]], [[B]] or [[C]]:" }',
    ])
      assert.deepEqual((await diagnose(ask(judge))).map(summary), [], judge);
  });

  it('is there where its metric is asked for', () =>
    expectProblem(ask('metrics: «[win_rate]»'), {
      code: 'tune/missing-field',
      message:
        '`win_rate` is the share of answers that a judge prefers, and there is none. Add `judge: { model: FOLDER }` or `judge: { endpoint: … }`.',
    }));

  it('has two answers to compare', () =>
    expectProblem(ask('«judge»: { model: base }', EVALUATE.replace(', after: { model: base }', '')), {
      code: 'tune/inconsistent-settings',
      message:
        'The judge says which of two answers is better, and there is one candidate. Add another, or remove `judge`.',
    }));

  it('compares answers that are written', () =>
    expectProblem(ask('«judge»: { model: base }\nmetrics: [perplexity]', EVALUATE, TEXTS), {
      code: 'tune/wrong-format',
      message:
        'The judge compares answers that are written, and rows of `format: text` have none. Remove `judge`, or take other rows.',
    }));

  it('sees both answers', () =>
    expectProblem(ask('judge: { model: base, template: «"{{ answer_a }}, yes?"» }'), {
      code: 'tune/missing-field',
      message: 'The judge does not see one of the answers: the template lacks {{ answer_b }}.',
    }));

  it('is one model, and one that exists', async () => {
    await expectProblem(ask(`judge: { model: base, «endpoint»: ${ENDPOINT} }`), {
      code: 'tune/exclusive-fields',
      message: '`judge` takes one of `model` and `endpoint`, not both. Remove one.',
      fix: 'Remove endpoint',
    });
    await expectProblem(ask('judge: { model: «run:nothing» }'), {
      code: 'tune/unknown-reference',
      message:
        'There is no run `nothing`, neither in a config of this folder nor on disk. Write a `run:` document for it.',
    });
  });

  it('writes nothing as a model of this machine', () =>
    expectProblem(ask('judge: { model: base, «generation»: { max_new_tokens: 8 } }'), {
      code: 'tune/overridden-field',
      message:
        '`generation` has no effect, because a `model` chooses among the verdicts, and writes nothing. Remove it.',
      fix: 'Remove generation',
      severity: 'warning',
    }));
});
