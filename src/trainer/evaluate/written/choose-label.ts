import { TunebookError } from '../../../protocol/error.ts';
import { loadDecoder } from '../../generate/causal-model.ts';
import { ContinuationScorer } from '../../generate/score-choices.ts';
import type { Prompt } from '../../generate/prompt-tokens.ts';
import { quote } from '../../data/problem.ts';
import type { WrittenAnswer } from './answer.ts';
import { encodeLabel, type EncodedAnswer } from './encode-answer.ts';
import type { Item } from './items.ts';
import { scoreChoice } from './score-choice.ts';
import type { LocalCandidate } from './local-candidate.ts';

export interface LabelChoosing {
  readonly candidate: LocalCandidate;
  readonly items: readonly Item[];
  /** The rows that lack their answer, none longer than the model's context. */
  readonly asked: readonly AskedChoice[];
  readonly threads: number | undefined;
  readonly signal: AbortSignal;
  readonly onAnswer: (answer: WrittenAnswer) => void;
}

/** A row with its prompt and what can be chosen, as the model reads them. */
export interface AskedChoice {
  readonly row: number;
  readonly text: string;
  readonly labels: readonly string[];
  readonly choices: readonly EncodedAnswer[];
  /** Tokens that the model has to read at once: the prompt with the longest label. */
  readonly needed: number;
}

/** Labels that are scored at once: they share the reading of the weights. */
const SLOTS = 32;

/**
 * Has a model choose among the labels: the one whose text is likeliest behind the prompt, as lm-evaluation-harness's multiple choice
 * (`acc`). So every answer is a label.
 * @returns false when it was interrupted; answers told of so far are whole
 * @throws TunebookError those of the weights
 */
export async function chooseLabels(options: LabelChoosing): Promise<boolean> {
  const { candidate, items, asked, signal, onAnswer } = options;
  if (asked.length === 0) return true;
  const { threads } = options;
  const decoder = await loadDecoder(candidate.model, {
    slots: Math.min(
      SLOTS,
      asked.reduce((most, { choices }) => Math.max(most, choices.length), 1),
    ),
    capacity: asked.reduce((most, { needed }) => Math.max(most, needed), 1),
    ...(threads === undefined ? {} : { threads }),
  });
  try {
    const scorer = new ContinuationScorer(decoder);
    for (const { row, text, labels, choices } of asked) {
      if (signal.aborted) return false;
      const started = performance.now();
      const { sums, probabilities, best } = await scoreLabels(scorer, choices, candidate.name);
      onAnswer({
        row,
        output: labels[best]!,
        latency: performance.now() - started,
        prompt: text,
        ...(items[row]!.gold ? { scores: scoreChoice(sums, labels, items[row]!.gold) } : {}),
        score: probabilities[best]!,
        detail: {
          promptTokens: choices[0]!.context.length,
          logLikelihoods: sums.map((sum) => Number(sum.toPrecision(7))),
        },
      });
      await new Promise((resolve) => setImmediate(resolve));
    }
    return true;
  } finally {
    await decoder.dispose();
  }
}

/**
 * What a model is asked about a row, and what it can choose.
 * @param row its place among the items
 * @throws TunebookError `evaluate/missing-slot`, `evaluate/bad-prompt`, and those of the chat template
 */
export function askChoice(
  candidate: Pick<LocalCandidate, 'name' | 'model' | 'writer'>,
  item: Item,
  row: number,
  labels: readonly string[],
): AskedChoice {
  const prompt = candidate.writer?.write(item) ?? item.prompt;
  if (!prompt) throw new Error(`the row ${row} is not asked about`);
  const choices = encodeLabels(candidate, prompt, labels, item.delimiter);
  return {
    row,
    text: 'text' in prompt ? prompt.text : candidate.model.tokenizer.decode(choices[0]!.context),
    labels,
    choices,
    needed: Math.max(...choices.map(({ context, answer }) => context.length + answer.length)),
  };
}

/**
 * The tokens of each label behind a prompt.
 * @throws TunebookError `evaluate/bad-prompt` for a label that leaves nothing to be scored
 */
export function encodeLabels(
  { name, model }: Pick<LocalCandidate, 'name' | 'model'>,
  prompt: Prompt,
  labels: readonly string[],
  delimiter?: string,
): EncodedAnswer[] {
  const choices = labels.map((label) => encodeLabel(model, prompt, label, delimiter));
  const nothing = choices.findIndex(({ context, answer }) => context.length === 0 || answer.length === 0);
  if (nothing >= 0) throw noTokens(name, labels[nothing]!);
  return choices;
}

/**
 * How likely each label is behind its prompt.
 * @param name the candidate's, for messages
 * @returns log-likelihoods in nats, the probability of each label among all of them, and the place of the likeliest
 * @throws TunebookError `evaluate/not-a-number`
 */
export async function scoreLabels(
  scorer: ContinuationScorer,
  choices: readonly EncodedAnswer[],
  name: string,
): Promise<{ sums: number[]; probabilities: number[]; best: number }> {
  const scored = await scorer.scoreAll(
    choices[0]?.context ?? [],
    choices.map(({ answer }) => answer),
  );
  const sums = scored.map(({ sum }) => sum);
  if (!sums.every(Number.isFinite)) throw notANumber(name);
  const best = sums.reduce((leader, sum, i) => (sum > sums[leader]! ? i : leader), 0);
  const total = sums.reduce((all, sum) => all + Math.exp(sum - sums[best]!), 0);
  return { sums, best, probabilities: sums.map((sum) => Math.exp(sum - sums[best]!) / total) };
}

function noTokens(name: string, label: string): TunebookError {
  return new TunebookError(
    'evaluate/bad-prompt',
    `The prompt of "${name}" leaves no token for the label ${quote(label)} to be scored by.`,
    { hint: 'Let the prompt say something, and end it with a word or a colon.' },
  );
}

function notANumber(name: string): TunebookError {
  return new TunebookError(
    'evaluate/not-a-number',
    `The log-likelihoods of "${name}" are no numbers: its weights are damaged or overflow.`,
    { hint: 'Train it again with a lower learning_rate, or leave the candidate out.' },
  );
}
