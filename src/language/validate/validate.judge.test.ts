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
        'The judge says which of two answers is better, and there is one candidate. Add another, or give it a `rubric` to score answers by.',
    }));

  it('compares answers that are written', () =>
    expectProblem(ask('«judge»: { model: base }\nmetrics: [perplexity]', EVALUATE, TEXTS), {
      code: 'tune/wrong-format',
      message:
        'The judge reads answers that are written, and rows of `format: text` have none. Remove `judge`, or take other rows.',
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

  const RUBRIC = 'rubric: { politeness: { criteria: tone, scale: { 1: rude, 5: polite } } }';

  it('scores answers by a rubric, also those of one candidate, and its scores accept the project', async () => {
    const objective = '---\nobjective: ship\nevaluate: which\naccept: { rubric_politeness: ">= 4" }';
    const one = EVALUATE.replace(', after: { model: base }', '');
    for (const text of [
      ask(`judge: { model: base, ${RUBRIC} }`, one),
      ask(`judge: { model: base, ${RUBRIC}, rubric_template: "{{ answer }} [[1]] to [[5]]:" }\n${objective}`),
      ask(`judge: { model: base, ${RUBRIC}, criteria: brevity }\nmetrics: [win_rate]`),
    ])
      assert.deepEqual((await diagnose(text)).map(summary), [], text);
    await expectProblem(
      ask(
        `judge: { model: base, ${RUBRIC} }\nmetrics: [exact_match]\n${objective}`.replace(
          'rubric_politeness',
          '«rubric_polite»',
        ),
      ),
      {
        code: 'tune/unmeasured-objective',
        message: 'The evaluation `which` does not measure `rubric_polite`. Did you mean `rubric_politeness`?',
        fix: 'Change to rubric_politeness',
      },
    );
  });

  it('has a scale of at least two whole numbers, and not of hundreds', async () => {
    const scale = (text: string) =>
      ask(`judge: { model: base, rubric: { p: { criteria: tone, scale: ${text} } } }`);
    const long = 'Give the lowest and the highest: 1 to 5 is usual.';
    for (const [text, message] of [
      ['«{ 1: rude, 500: polite }»', `The scale of \`p\` has more than 100 scores. ${long}`],
      ['«{ 1: rude }»', `The scale of \`p\` has one score, so every answer would have it. ${long}`],
      [
        '{ 1: rude, «high»: polite }',
        '`high` is no score. Those of a scale are whole numbers from 0 on, as in `{ 1: bad, 5: good }`.',
      ],
      [
        '{ 1: rude, «-1»: polite }',
        '`-1` is no score. Those of a scale are whole numbers from 0 on, as in `{ 1: bad, 5: good }`.',
      ],
    ] as const)
      await expectProblem(scale(text), { code: 'tune/out-of-range', message });
  });

  it('sees the answer that it scores, and gives its score no name that is taken', async () => {
    await expectProblem(ask(`judge: { model: base, ${RUBRIC}, rubric_template: «"{{ input }}?"» }`), {
      code: 'tune/missing-field',
      message: 'The judge does not see the answer that it scores: the template lacks {{ answer }}.',
    });
    await expectProblem(
      ask(`judge: { model: base, ${RUBRIC} }\nassertions: { «rubric_politeness»: { contains: please } }`),
      {
        code: 'tune/inconsistent-settings',
        message:
          '`rubric_politeness` is the score of `politeness` by the judge already. Give the assertion another name.',
      },
    );
  });

  it('with a rubric needs no words for pairs that it does not compare', async () => {
    await expectProblem(ask(`judge: { model: base, ${RUBRIC}, «criteria»: brevity }`), {
      code: 'tune/overridden-field',
      message:
        '`criteria` has no effect, because a judge with a `rubric` compares pairs only where `metrics` names `win_rate`. Remove it.',
      fix: 'Remove criteria',
      severity: 'warning',
    });
    await expectProblem(ask('judge: { model: base, «rubric_template»: "{{ answer }}" }'), {
      code: 'tune/overridden-field',
      message: '`rubric_template` has no effect, because the judge has no `rubric`. Remove it.',
      fix: 'Remove rubric_template',
      severity: 'warning',
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
