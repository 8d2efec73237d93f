import type { CandidateOutput } from '../../../protocol/evaluation.ts';
import type { Item } from '../written/items.ts';
import type { Prompt } from '../../generate/prompt-tokens.ts';
import type { SlotTemplate } from '../written/slots.ts';

/** Two answers to one row, in the order in which the judge reads them. */
export interface Question {
  readonly row: number;
  readonly first: string;
  readonly second: string;
  /** What the judge is asked; its reference is that of the row. */
  readonly item: Item;
}

/** What an answer of the judge means. */
export type Verdict = 'first' | 'second' | 'tie';

/** How the judge says it, in MT-Bench's words. L. Zheng et al., "Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena", NeurIPS 2023. */
export const VERDICT_WORDS = ['[[A]]', '[[B]]', '[[C]]'] as const;

const MEANINGS: Record<string, Verdict> = { '[[A]]': 'first', '[[B]]': 'second', '[[C]]': 'tie' };

/** What is asked where the config gives no `template`. */
export const JUDGE_TEMPLATE = `Two assistants answered the same request. Say which answer is better.

What counts: {{ criteria }}

[Request]
{{ input }}

[Expected answer]
{{ reference }}

[Answer A]
{{ answer_a }}

[Answer B]
{{ answer_b }}

Neither the order of the answers nor their length counts by itself. End with exactly one of these: [[A]] if answer A is better, [[B]] if answer B is better, [[C]] if neither is.
Verdict:`;

/** What a `template` may name. */
export const JUDGE_SLOTS = ['criteria', 'input', 'reference', 'answer_a', 'answer_b'] as const;

/**
 * What the judge is asked: about each pair of candidates and each row that they answered differently, once in either order. Equal answers
 * are a tie without asking.
 * @param items `[n]`
 * @throws TunebookError `evaluate/bad-prompt`
 */
export function questionsOf(
  candidates: readonly { readonly name: string; readonly outputs: readonly CandidateOutput[] }[],
  items: readonly Item[],
  {
    template,
    criteria,
    ask: put,
  }: {
    readonly template: SlotTemplate;
    readonly criteria: string;
    readonly ask: (text: string) => Prompt;
  },
): Question[] {
  return candidates.flatMap((b, later) =>
    candidates.slice(0, later).flatMap((a) =>
      items.flatMap((item, row) => {
        const [ofA, ofB] = [a.outputs[row]?.output ?? '', b.outputs[row]?.output ?? ''];
        if (ofA === ofB) return [];
        const ask = (first: string, second: string, answer_a: string, answer_b: string): Question => {
          const { input, reference } = item;
          const values = { criteria, input, reference, answer_a, answer_b };
          const prompt = put(template.render({ ...item.row, values }));
          return { row, first, second, item: { row: item.row, input, reference, prompt } };
        };
        return [ask(a.name, b.name, ofA, ofB), ask(b.name, a.name, ofB, ofA)];
      }),
    ),
  );
}

/** The verdict that an answer ends with; undefined where it holds none, or several that contradict each other: it is not guessed. */
export function verdictIn(answer: string): Verdict | undefined {
  const said = new Set(answer.match(/\[\[[ABC]\]\]/g));
  const [only] = said;
  return said.size === 1 && only !== undefined ? MEANINGS[only] : undefined;
}
