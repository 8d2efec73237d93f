import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TunebookError } from '../../src/protocol/error.ts';
import type { RubricRecord } from '../../src/protocol/evaluation.ts';
import { newRun } from '../../src/runs/testing/fixtures.ts';
import { evaluateInFolder } from './support/evaluate-in-folder.ts';
import { LIMITS, GENERATION } from './support/judged-evaluation.ts';
import { answerAndScore, RUBRIC, scoredEvaluation } from './support/scored-evaluation.ts';
import { useJudge } from './support/use-judge.ts';

describe('an evaluation whose judge has a rubric', () => {
  const setup = useJudge(answerAndScore);
  const { workspace, server } = setup;

  const scoresOf = (dir: string) =>
    readFileSync(join(dir, 'rubric.jsonl'), 'utf8')
      .trim()
      .split('\n')
      // SAFETY: the trainer wrote these lines from values of this type.
      .map((line) => JSON.parse(line) as RubricRecord);
  const ofJudge = () => server.asked.filter(({ body }) => body['model'] === 'judge-model');

  it('has a mean score of each candidate by each criterion, over rows that all have one', async () => {
    const { outcome, dir, warnings } = await evaluateInFolder(
      workspace.path,
      scoredEvaluation(workspace.path, setup.base_url),
    );
    const { candidates, pairs, verdict, rubric, judge } = outcome.result!;
    const { rubric_politeness: polite, rubric_brevity: short } = candidates['kind']!;
    assert.deepEqual([polite?.value, polite?.n, short?.value, short?.n], [5, 7, 1, 8]);
    assert.deepEqual(polite?.ci, [5, 5], 'scores of 1 and 0 alone are no share');
    assert.equal(candidates['plain']?.['rubric_politeness']?.value, 2);
    const pair = pairs.find(({ metric }) => metric === 'rubric_politeness');
    assert.equal(pair?.difference, 3);
    // Each of the 7 rows may have gone the other way: 2 of 2 ** 7 are as extreme.
    assert.ok(Math.abs(pair.p - 2 / 2 ** 7) < 0.01, String(pair.p));
    assert.equal(judge, undefined, 'no pair is compared that nobody asked for');
    assert.deepEqual(rubric?.criteria, [
      {
        metric: 'rubric_politeness',
        ...RUBRIC.politeness,
        lowest: 1,
        unread: 1,
        scores: { plain: [0, 8, 0, 0, 0], kind: [0, 0, 0, 0, 7] },
      },
      {
        metric: 'rubric_brevity',
        ...RUBRIC.brevity,
        lowest: 0,
        unread: 0,
        scores: { plain: [0, 8], kind: [0, 8] },
      },
    ]);
    assert.match(
      verdict,
      /^kind beats plain by 3 in politeness score \(95 % CI 3 to 3, n = 7\); 1 of the 16 answers of the judge hold no score/,
    );
    assert.match(
      warnings.map(({ message }) => message).join('\n'),
      /gave no score for politeness, whose scale goes from 1 to 5; asked again[^]*1 of 32 answers of the judge hold no score/,
    );
    const records = scoresOf(dir);
    assert.equal(records.length, 32);
    const again = records.find(
      ({ row, candidate, criterion }) => row === 0 && candidate === 'plain' && criterion === 'politeness',
    );
    assert.deepEqual([again?.score, again?.reason], [2, 'Then this one is plain.']);
    assert.equal(again?.outputs['judge']?.attempts, 2);
    const lost = records.find(({ score }) => score === undefined);
    assert.deepEqual([lost?.row, lost?.candidate, lost?.criterion], [1, 'kind', 'politeness']);
    assert.equal(lost?.outputs['judge']?.output, 'Let us say [[7]].');
  });

  it('asks about one criterion at a time, with its scale, and again in the same conversation', async () => {
    await evaluateInFolder(workspace.path, scoredEvaluation(workspace.path, setup.base_url));
    const asked = ofJudge().map(({ body }) => body['messages']);
    assert.equal(asked.length, 32 + 2);
    assert.match(
      JSON.stringify(asked[0]),
      /how polite the answer is\\n\\n\[Scale\]\\n1: rude\\n3: neutral\\n5: very polite\\n\\n\[Request\]\\nrow 0\\n/,
    );
    const again = asked.find((messages) => Array.isArray(messages) && messages.length === 3);
    assert.ok(Array.isArray(again));
    assert.deepEqual(again[1], { role: 'assistant', content: 'Hard to say.' });
    assert.match(JSON.stringify(again), /exactly one whole number from 1 to 5/);
  });

  it('compares pairs too where that is asked for, and needs no second candidate where not', async () => {
    const { outcome } = await evaluateInFolder(
      workspace.path,
      scoredEvaluation(workspace.path, setup.base_url, { metrics: ['win_rate'] }),
    );
    assert.equal(outcome.result?.judge?.questions, 16);
    const all = scoredEvaluation(workspace.path, setup.base_url);
    const one = { ...all, candidates: { kind: all.candidates['kind']! } };
    const alone = (await evaluateInFolder(workspace.path, one)).outcome.result!;
    assert.match(alone.verdict, /^kind has a politeness score of 5 \(95 % CI 5 to 5, n = 7\)/);
  });

  it('stops when nothing can be scored, keeps what was said, and asks again for that alone', async () => {
    const scores = server.answer;
    server.answer = (prompt) => (prompt.includes('polite') ? 'I am only a model.' : scores(prompt));
    const judge = {
      endpoint: {
        base_url: setup.base_url,
        model: 'judge-model',
        ...LIMITS,
        max_retries: 0,
        max_concurrency: 1,
      },
    };
    const evaluation = scoredEvaluation(
      workspace.path,
      setup.base_url,
      {},
      { ...judge, generation: GENERATION },
    );
    const dir = newRun(workspace.path, { kind: 'evaluate', name: 'is-it-worth-it' });
    await assert.rejects(evaluateInFolder(workspace.path, evaluation, { dir }), (error) => {
      assert.ok(error instanceof TunebookError);
      assert.equal(error.code, 'evaluate/no-score');
      assert.match(error.message, /None of the first 10 answers[^]*"politeness"[^]*"I am only a model\."/);
      assert.match(error.hint ?? '', /\[\[1\]\] to \[\[5\]\][^]*rubric\.jsonl/);
      return true;
    });
    const kept = scoresOf(dir).length;
    assert.equal(kept, 19, 'ten of politeness, and what was said of brevity between them');
    server.answer = scores;
    const before = ofJudge().length;
    const { outcome } = await evaluateInFolder(workspace.path, evaluation, { dir });
    assert.equal(ofJudge().length - before, 32 - 9, 'what has a score is not asked again');
    assert.equal(outcome.result?.candidates['kind']?.['rubric_brevity']?.n, 8);
  });

  it('has a model of this machine choose among the scores, so that each can be read', async () => {
    const model = join(workspace.path, 'writer');
    const evaluation = scoredEvaluation(workspace.path, setup.base_url);
    const { outcome, dir } = await evaluateInFolder(workspace.path, {
      ...evaluation,
      judge: { model, criteria: '', rubric: RUBRIC, rubric_template: '{{ answer }} is' },
    });
    assert.deepEqual(
      outcome.result?.rubric?.criteria.map(({ unread }) => unread),
      [0, 0],
    );
    const [first, second] = scoresOf(dir);
    assert.equal(first?.outputs['judge']?.logLikelihoods?.length, 5);
    assert.equal(second?.outputs['judge']?.logLikelihoods?.length, 2);
    const likely = first.outputs['judge'].logLikelihoods;
    assert.equal(first.score, 1 + likely.indexOf(Math.max(...likely)));
  });

  it('says before anything is asked that its template does not show the answer', async () => {
    for (const [rubric_template, message] of [
      ['{{ input }}', /`rubric_template` of the judge does not show it \{\{ answer \}\}/],
      ['{{ answer }} {{ answer_a }}', /`rubric_template` of the judge has a slot \{\{ answer_a \}\}/],
    ] as const)
      await assert.rejects(
        evaluateInFolder(
          workspace.path,
          scoredEvaluation(workspace.path, setup.base_url, {}, { rubric_template }),
        ),
        (error) => error instanceof TunebookError && message.test(error.message),
      );
    assert.equal(server.asked.length, 0);
  });
});
