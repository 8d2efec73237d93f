import { createHash } from 'node:crypto';
import type { CandidateOutput, EvaluationRecord } from '../../../../protocol/evaluation.ts';
import type { Exported } from './exported.ts';

/**
 * The file that `promptfoo eval --output results.json` writes (version 3), so that its viewers and scripts can read an evaluation: a
 * candidate is a prompt with a provider, an example a test case with the variables `input` and `reference`.
 */
export function* toPromptfoo(exported: Exported): Generator<string> {
  const { name, runId, candidates, rows } = exported;
  const prompts = candidates.map((candidate) => ({
    id: idOf(candidate),
    raw: '{{input}}',
    label: candidate,
    provider: candidate,
  }));
  const head = { version: 3, timestamp: new Date().toISOString(), prompts };
  yield `{"evalId":${JSON.stringify(runId)},"results":{${JSON.stringify(head).slice(1, -1)},"results":[`;
  let [successes, failures, errors, test] = [0, 0, 0, 0];
  let comma = '';
  for (const record of rows) {
    for (const [promptIdx, candidate] of candidates.entries()) {
      const answer = record.outputs[candidate];
      if (!answer) errors++;
      else if (answer.correct) successes++;
      else failures++;
      yield `${comma}\n${JSON.stringify(resultOf(record, candidate, { promptIdx, testIdx: test }, answer))}`;
      comma = ',';
    }
    test++;
  }
  const stats = {
    successes,
    failures,
    errors,
    tokenUsage: { total: 0, prompt: 0, completion: 0, cached: 0, numRequests: successes + failures },
  };
  const config = { description: name, prompts: ['{{input}}'], providers: [...candidates] };
  yield `\n],"stats":${JSON.stringify(stats)}},"config":${JSON.stringify(config)},"shareableUrl":null}\n`;
}

function resultOf(
  { input, reference, index, source }: EvaluationRecord,
  candidate: string,
  place: { promptIdx: number; testIdx: number },
  answer: CandidateOutput | undefined,
): unknown {
  const vars = { input, reference };
  const asked = answer?.prompt === undefined ? input : textOf(answer.prompt);
  const reason = !answer
    ? 'It has not answered.'
    : answer.correct
      ? 'The output is right.'
      : `The output is not ${JSON.stringify(reference)}.`;
  const passed = answer?.correct ?? false;
  return {
    id: `${index}-${place.promptIdx}`,
    promptId: idOf(candidate),
    ...place,
    provider: { id: candidate, label: candidate },
    prompt: { raw: asked, label: candidate },
    vars,
    testCase: {
      description: source,
      vars,
      assert: [{ type: 'equals', value: reference }],
    },
    ...(answer ? { response: { output: answer.output } } : { error: 'not answered' }),
    success: passed,
    failureReason: answer ? (passed ? 0 : 1) : 2,
    score: passed ? 1 : 0,
    namedScores: answer?.scores ?? {},
    latencyMs: answer?.latency ?? 0,
    cost: answer?.cost ?? 0,
    gradingResult: { pass: passed, score: passed ? 1 : 0, reason, namedScores: answer?.scores ?? {} },
    metadata: {},
  };
}

/** A prompt as promptfoo keeps it: chat messages are JSON. */
function textOf(prompt: NonNullable<CandidateOutput['prompt']>): string {
  return typeof prompt === 'string' ? prompt : JSON.stringify(prompt);
}

function idOf(candidate: string): string {
  return createHash('sha256').update(candidate).digest('hex');
}
