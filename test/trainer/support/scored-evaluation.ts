import type { ResolvedEvaluate } from '../../../src/language/resolved.ts';
import type { ChatServer } from './chat-server.ts';
import { GENERATION, judgedEvaluation, LIMITS } from './judged-evaluation.ts';

/** What answers are scored by. */
export const RUBRIC = {
  politeness: { criteria: 'how polite the answer is', scale: { 1: 'rude', 3: 'neutral', 5: 'very polite' } },
  brevity: { criteria: 'how short the answer is', scale: { 0: 'long', 1: 'short' } },
};

/**
 * Lets a server answer what it is asked by saying it again, and score: kind answers are polite (5, else 2) and all are short. But it scores
 * row 0 of `plain` only when it is asked again, and row 1 of `kind` never.
 */
export function answerAndScore(server: ChatServer): void {
  server.reset();
  server.answer = (prompt) => {
    const isAgain = prompt.startsWith('That holds no score');
    const asked = isAgain ? firstMessage(server) : prompt;
    return asked.includes('[Scale]') ? scored(asked, isAgain) : `echo of ${prompt}`;
  };
}

function scored(asked: string, isAgain: boolean): string {
  if (asked.includes('how short')) return 'Short enough. [[1]]';
  const row = Number(/row (\d+)/.exec(asked)?.[1]);
  const isKind = asked.includes('[Answer]\necho of kindly');
  if (row === 1 && isKind) return isAgain ? 'Let us say [[7]].' : 'I would rather not.';
  if (row === 0 && !isKind) return isAgain ? 'Then this one is plain. [[2]]' : 'Hard to say.';
  return isKind ? 'It is kind.\n[[5]]' : 'It is plain. [[2]]';
}

function firstMessage(server: ChatServer): string {
  const messages = server.asked.at(-1)?.body['messages'];
  const first: unknown = Array.isArray(messages) ? messages[0] : undefined;
  return typeof first === 'object' && first !== null && 'content' in first ? String(first.content) : '';
}

/** The evaluation of {@link judgedEvaluation} whose judge scores answers and compares none. */
export function scoredEvaluation(
  workspace: string,
  base_url: string,
  fields: Partial<ResolvedEvaluate> = {},
  judge: Partial<NonNullable<ResolvedEvaluate['judge']>> = {},
): ResolvedEvaluate {
  const endpoint = { base_url, model: 'judge-model', ...LIMITS };
  const asked = {
    endpoint,
    generation: GENERATION,
    criteria: 'nothing',
    rubric: RUBRIC,
    rubric_first: true as const,
  };
  return judgedEvaluation(workspace, base_url, {
    metrics: ['exact_match'],
    judge: { ...asked, ...judge },
    ...fields,
  });
}
