import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedEvaluate } from '../../../src/language/resolved.ts';
import type { ChatServer } from './chat-server.ts';
import { resolvedEvaluate } from './evaluate-in-folder.ts';

/** Settings of an answer, and limits of an endpoint, as the language fills them in. */
export const GENERATION = {
  max_new_tokens: 16,
  do_sample: false,
  temperature: 1,
  top_p: 1,
  top_k: 50,
  repetition_penalty: 1,
  seed: 42,
};
export const LIMITS = { timeout: 60, max_retries: 1, max_concurrency: 4 };

const ROWS = 8;

/** Lets a server answer what it is asked by saying it again, and judge as {@link judged} does. */
export function answerAndJudge(server: ChatServer): void {
  server.reset();
  server.answer = (prompt) => (prompt.includes('[Answer A]') ? judged(prompt) : `echo of ${prompt}`);
}

/** The kind answer is better; but row 0 is not judged, row 1 goes by place, 2 is a tie, and of 3 one order cannot be read. */
function judged(prompt: string): string {
  const row = Number(/row (\d+)/.exec(prompt)?.[1]);
  const kindFirst = /\[Answer A\]\necho of kindly/.test(prompt);
  if (row === 0) return 'Hard to say.';
  if (row === 1) return 'I like the first. [[A]]';
  if (row === 2) return '[[C]]';
  if (row === 3 && kindFirst) return '[[A]]? Or [[B]]?';
  return kindFirst ? 'The first is kind: [[A]]' : 'The second is kind: [[B]]';
}

/** An evaluation of two candidates, one of them kind, with a judge, all behind one server; its rows are written into the folder. */
export function judgedEvaluation(
  workspace: string,
  base_url: string,
  fields: Partial<ResolvedEvaluate> = {},
): ResolvedEvaluate {
  const rows = Array.from({ length: ROWS }, (_, i) => ({ prompt: `row ${i}`, completion: `right ${i}` }));
  const file = join(workspace, 'rows.jsonl');
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const asked = (name: string, said: string) => ({
    endpoint: { base_url, model: 'm', ...LIMITS },
    prompt: {
      name,
      file: 'test.tune.yaml',
      generation: GENERATION,
      messages: [{ role: 'user' as const, content: `${said} {{ prompt }}` }],
    },
    generation: GENERATION,
  });
  return {
    ...resolvedEvaluate(workspace, {
      candidates: { plain: asked('plain', 'say'), kind: asked('kind', 'kindly say') },
      file,
      format: 'prompt-completion',
      metrics: ['win_rate', 'exact_match'],
    }),
    judge: {
      endpoint: { base_url, model: 'judge-model', ...LIMITS },
      generation: GENERATION,
      criteria: 'politeness',
    },
    ...fields,
  };
}
