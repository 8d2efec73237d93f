import type { ResolvedEvaluate } from '../../../language/resolved.ts';
import { rubricMetric } from '../../../protocol/format.ts';
import type { CandidateOutput } from '../../../protocol/evaluation.ts';
import type { Prompt } from '../../generate/prompt-tokens.ts';
import type { Lack } from '../written/answer-by-endpoint.ts';
import type { Item } from '../written/items.ts';
import type { SlotTemplate } from '../written/slots.ts';

/** Something that answers are scored by, on a scale of whole numbers. */
export interface Criterion {
  readonly name: string;
  /** Its name in the result. */
  readonly metric: string;
  readonly criteria: string;
  /** The words of the scores that have some. */
  readonly scale: Readonly<Record<string, string>>;
  readonly lowest: number;
  readonly highest: number;
}

/** What a judge scores by, and how it is asked. */
export interface Rubric {
  readonly template: SlotTemplate;
  readonly criteria: readonly Criterion[];
}

/** An answer that is scored, and by what. */
export interface ScoreQuestion {
  readonly row: number;
  readonly candidate: string;
  readonly criterion: Criterion;
  readonly item: Item;
}

/** What is asked where the config gives no `rubric_template`: single-answer grading of MT-Bench, on the person's own scale. */
export const RUBRIC_TEMPLATE = `Score the answer to a request.

What is scored: {{ criteria }}

[Scale]
{{ scale }}

[Request]
{{ input }}

[Expected answer]
{{ reference }}

[Answer]
{{ answer }}

The length of the answer does not count by itself. Say why in a sentence or two, and end with the score, a whole number of the scale, in double brackets, as in [[{{ example }}]].
Score:`;

/** What a `rubric_template` may name. */
export const RUBRIC_SLOTS = ['criteria', 'scale', 'input', 'reference', 'answer', 'example'] as const;

/** The criteria of a config, each with its scale. */
export function criteriaOf(
  rubric: NonNullable<NonNullable<ResolvedEvaluate['judge']>['rubric']>,
): Criterion[] {
  return Object.entries(rubric).map(([name, { criteria, scale }]) => {
    const scores = Object.keys(scale).map(Number);
    const [lowest, highest] = [Math.min(...scores), Math.max(...scores)];
    return { name, metric: rubricMetric(name), criteria, scale, lowest, highest };
  });
}

/** How each score is written, lowest first. */
export function scoreWords({ lowest, highest }: Criterion): string[] {
  return Array.from({ length: highest - lowest + 1 }, (_, i) => `[[${lowest + i}]]`);
}

/**
 * What the judge is asked: about each answer to each row, by each criterion. Criteria come last, so that the first answers tell of all.
 * @param items `[n]`
 * @throws TunebookError `evaluate/bad-prompt`
 */
export function scoreQuestions(
  candidates: readonly { readonly name: string; readonly outputs: readonly CandidateOutput[] }[],
  items: readonly Item[],
  { template, criteria }: Rubric,
  put: (text: string) => Prompt,
): ScoreQuestion[] {
  return candidates.flatMap(({ name: candidate, outputs }) =>
    items.flatMap(({ row: source, input, reference }, row) =>
      criteria.map((criterion): ScoreQuestion => {
        const { lowest, highest } = criterion;
        const scale = Object.entries(criterion.scale).map(([score, words]) => `${score}: ${words}`);
        const values = {
          criteria: criterion.criteria,
          scale: scale.join('\n'),
          input,
          reference,
          answer: outputs[row]?.output ?? '',
          example: Math.floor((lowest + highest) / 2),
        };
        const prompt = put(template.render({ ...source, values }));
        return { row, candidate, criterion, item: { row: source, input, reference, prompt } };
      }),
    ),
  );
}

const SCORE = /\[\[\s*(-?\d+(?:\.\d+)?)\s*\]\]/g;

/** The score that an answer gives; undefined where it gives none, several, or one that is not on the scale: it is not guessed. */
export function scoreIn(answer: string, { lowest, highest }: Criterion): number | undefined {
  const said = new Set(Array.from(answer.matchAll(SCORE), ([, number]) => Number(number)));
  const [only] = said;
  const isScore = only !== undefined && said.size === 1 && Number.isInteger(only);
  return isScore && only >= lowest && only <= highest ? only : undefined;
}

/** What a judge says besides the score. */
export function reasonIn(answer: string): string {
  return answer.replaceAll(SCORE, '').trim();
}

/** What an answer without a score lacks, and how it is asked for again. */
export function lackOfScore(answer: string, criterion: Criterion): Lack | undefined {
  if (scoreIn(answer, criterion) !== undefined) return undefined;
  const { lowest, highest } = criterion;
  const said = Array.from(answer.matchAll(SCORE), ([text]) => text);
  const what = said.length === 0 ? 'no score' : `${said.join(' and ')} as its score`;
  return {
    why: `gave ${what} for ${criterion.name}, whose scale goes from ${lowest} to ${highest}`,
    reply: `That holds no score of the scale. Answer again, and end with exactly one whole number from ${lowest} to ${highest} in double brackets, as in [[${lowest}]].`,
  };
}
