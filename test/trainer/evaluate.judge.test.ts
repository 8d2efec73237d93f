import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedEvaluate } from '../../src/language/resolved.ts';
import { TunebookError } from '../../src/protocol/error.ts';
import type { JudgementRecord } from '../../src/protocol/evaluation.ts';
import { newRun } from '../../src/runs/testing/fixtures.ts';
import { evaluateInFolder } from './support/evaluate-in-folder.ts';
import { answerAndJudge, GENERATION, judgedEvaluation, LIMITS } from './support/judged-evaluation.ts';
import { useJudge } from './support/use-judge.ts';

const criteria = 'politeness';

describe('an evaluation with a judge', () => {
  const setup = useJudge(answerAndJudge);
  const { workspace, server } = setup;

  const evaluationOf = (fields: Partial<ResolvedEvaluate> = {}) =>
    judgedEvaluation(workspace.path, setup.base_url, fields);

  const judgementsOf = (dir: string) =>
    readFileSync(join(dir, 'judgements.jsonl'), 'utf8')
      .trim()
      .split('\n')
      // SAFETY: the trainer wrote these lines from values of this type.
      .map((line) => JSON.parse(line) as JudgementRecord);

  it('asks about every row in both orders, counts what cannot be read, and says who wins', async () => {
    const { outcome, dir, warnings } = await evaluateInFolder(workspace.path, evaluationOf());
    const { judge, candidates, pairs, verdict } = outcome.result!;
    assert.deepEqual(judge?.pairs, [
      { a: 'plain', b: 'kind', wins: 4, losses: 0, ties: 2, disagreed: 1, same: 0, unread: 2 },
    ]);
    assert.deepEqual(
      [judge.questions, judge.unread, judge.first, judge.second, judge.tied],
      [16, 3, 6, 5, 2],
    );
    assert.equal(candidates['kind']?.['win_rate']?.value, 5 / 6);
    assert.equal(candidates['kind']['win_rate'].n, 6);
    assert.equal(candidates['plain']?.['win_rate']?.value, 1 / 6);
    const pair = pairs.find(({ metric }) => metric === 'win_rate');
    assert.ok(Math.abs(pair!.p - 2 * 0.5 ** 4) < 1e-12);
    assert.match(
      verdict,
      /^no difference between plain and kind could be shown; .*contradicted itself on 1 of 6/,
    );
    assert.match(
      warnings.map(({ message }) => message).join(),
      /3 of 16 answers of the judge hold no verdict/,
    );

    const judgements = judgementsOf(dir);
    assert.equal(judgements.length, 16);
    const turned = judgements.filter(({ row }) => row === 5);
    assert.deepEqual(turned.map(({ first, second, verdict: each }) => [first, second, each]).sort(), [
      ['kind', 'plain', 'first'],
      ['plain', 'kind', 'second'],
    ]);
    const [message] = turned[0]?.outputs['judge']?.prompt ?? [];
    assert.ok(typeof message === 'object');
    assert.match(
      message.content,
      /What counts: politeness\n[^]*\[Request\]\nrow 5\n[^]*\[Expected answer\]\nright 5\n/,
    );
    assert.equal(server.asked.filter(({ body }) => body['model'] === 'judge-model').length, 16);
  });

  it('that was stopped while it judged goes on behind the last judgement', async () => {
    const fails = { ...LIMITS, max_retries: 0, max_concurrency: 1 };
    const judge = {
      endpoint: { base_url: setup.base_url, model: 'judge-model', ...fails },
      generation: GENERATION,
      criteria,
    };
    server.misbehave = (request, response) => (request === 16 + 5 ? (response.destroy(), true) : undefined);
    const dir = newRun(workspace.path, { kind: 'evaluate', name: 'is-it-worth-it' });
    await assert.rejects(
      evaluateInFolder(workspace.path, evaluationOf({ judge }), { dir }),
      (error) => error instanceof TunebookError && error.code === 'endpoint/unreachable',
    );
    assert.equal(judgementsOf(dir).length, 5);
    server.misbehave = () => undefined;
    const before = server.asked.length;
    const { outcome } = await evaluateInFolder(workspace.path, evaluationOf({ judge }), { dir });
    assert.equal(server.asked.length - before, 11);
    assert.equal(outcome.result?.judge?.questions, 16);
  });

  it('does not ask about equal answers, and has no win rate where nothing can be read', async () => {
    server.answer = (prompt) =>
      prompt.includes('[Answer A]') ? 'dunno' : /row [0-5]/.test(prompt) ? 'same' : prompt;
    const { outcome } = await evaluateInFolder(workspace.path, evaluationOf());
    const { judge, candidates } = outcome.result!;
    assert.equal(judge?.questions, 4);
    assert.equal(judge.pairs[0]?.same, 6);
    assert.equal(candidates['kind']?.['win_rate']?.value, 0.5);
    server.answer = (prompt) => (prompt.includes('[Answer A]') ? 'dunno' : prompt);
    const none = (await evaluateInFolder(workspace.path, evaluationOf())).outcome.result!;
    assert.equal(none.candidates['kind']?.['win_rate'], undefined);
    assert.equal(none.judge?.unread, 16);
    assert.match(none.verdict, /16 of the 16 answers of the judge hold no verdict/);
  });

  it('has a model of this machine choose among the verdicts, so that each can be read', async () => {
    const judge = {
      model: join(workspace.path, 'writer'),
      criteria,
      template: '{{ answer_a }} or {{ answer_b }}?',
    };
    const { outcome, dir } = await evaluateInFolder(workspace.path, evaluationOf({ judge }));
    assert.equal(outcome.result?.judge?.unread, 0);
    const [first] = judgementsOf(dir);
    assert.equal(first?.outputs['judge']?.prompt, 'echo of say row 0 or echo of kindly say row 0?');
    assert.equal(first.outputs['judge'].logLikelihoods?.length, 3);
    const places = first.outputs['judge'].logLikelihoods;
    assert.equal(
      ['first', 'second', 'tie'].indexOf(first.verdict ?? ''),
      places.indexOf(Math.max(...places)),
    );
  });

  it('has repeats of every answer, and judges the first ones', async () => {
    const said = new Map<string, number>();
    server.answer = (prompt) => {
      if (prompt.includes('[Answer A]')) return '[[C]]';
      const times = (said.get(prompt) ?? 0) + 1;
      said.set(prompt, times);
      return prompt.startsWith('kindly') && times === 2 ? prompt.replace('kindly say row', 'right') : 'wrong';
    };
    const evaluation = evaluationOf({ repeats: 3, metrics: ['exact_match', 'win_rate'] });
    const dir = newRun(workspace.path, { kind: 'evaluate', name: 'is-it-worth-it' });
    server.misbehave = (request, response) => (request === 30 ? (response.destroy(), true) : undefined);
    const { outcome, records } = await evaluateInFolder(workspace.path, evaluation, { dir });
    const { exact_match } = outcome.result!.candidates['kind']!;
    assert.equal(exact_match?.value, 1 / 3);
    assert.deepEqual([exact_match.n, exact_match.repeats?.n, exact_match.repeats?.max], [8, 3, 1]);
    assert.equal(records[0]?.outputs['kind']?.output, 'wrong');
    const second = readFileSync(join(dir, 'records-2.jsonl'), 'utf8');
    assert.equal(second.match(/"output":"right \d"/g)?.length, 8);
    const asked = server.asked.filter(({ body }) => body['model'] === 'm').length;
    assert.equal(asked, 2 * 8 * 3 + 1, 'the request that failed is sent again, and no other');
    assert.equal(outcome.result!.judge?.questions, 0);
  });

  it('says before anything is asked what is wrong with the judge', async () => {
    const fails = async (judge: NonNullable<ResolvedEvaluate['judge']>, code: string, message: RegExp) => {
      await assert.rejects(evaluateInFolder(workspace.path, evaluationOf({ judge })), (error) => {
        assert.ok(error instanceof TunebookError);
        assert.equal(error.code, code);
        assert.match(error.message, message);
        return true;
      });
      assert.equal(server.asked.length, 0);
    };
    const endpoint = { base_url: setup.base_url, model: 'judge-model', ...LIMITS };
    const model = join(workspace.path, 'writer');
    await fails(
      { model, criteria, template: '{{ answer_a }}' },
      'evaluate/bad-prompt',
      /does not show it \{\{ answer_b \}\}/,
    );
    await fails(
      { model, criteria, template: '{{ answer_a }} {{ answer_b }} {{ label }}' },
      'evaluate/bad-prompt',
      /\{\{ label \}\}/,
    );
    await fails({ model: join(workspace.path, 'nothing'), criteria }, 'model/missing', /judge/);
    await fails(
      { endpoint: { ...endpoint, api_key_env: 'TUNEBOOK_NO_SUCH' }, generation: GENERATION, criteria },
      'endpoint/no-key',
      /TUNEBOOK_NO_SUCH/,
    );
  });
});
