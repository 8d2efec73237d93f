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
  /** What can be chosen for a row. */
  readonly choicesOf: (item: Item) => readonly string[];
  /** Rows that lack their answer. */
  readonly open: readonly number[];
  readonly threads: number | undefined;
  readonly signal: AbortSignal;
  readonly onAnswer: (answer: WrittenAnswer) => void;
}

/** Labels that are scored at once: they share the reading of the weights. */
const SLOTS = 32;

/**
 * Has a model choose among the labels: the one whose text is likeliest behind the prompt, as lm-evaluation-harness's multiple choice
 * (`acc`). So every answer is a label.
 * @returns false when it was interrupted; answers told of so far are whole
 * @throws TunebookError `evaluate/prompt-too-long` before anything is computed, and those of the weights
 */
export async function chooseLabels(options: LabelChoosing): Promise<boolean> {
  const { candidate, items, choicesOf, open, signal, onAnswer } = options;
  const { model, writer } = candidate;
  let capacity = 1;
  let most = 1;
  const asked = open.map((row) => {
    const item = items[row]!;
    const prompt = writer?.write(item) ?? item.prompt;
    if (!prompt) throw new Error(`the row ${row} is not asked about`);
    const labels = choicesOf(item);
    const choices = encodeLabels(candidate, prompt, labels, item.delimiter);
    const longest = Math.max(...choices.map(({ context, answer }) => context.length + answer.length));
    if (longest > model.contextLength) throw tooLong(candidate.name, item, longest, model.contextLength);
    capacity = Math.max(capacity, longest);
    most = Math.max(most, choices.length);
    const text = 'text' in prompt ? prompt.text : model.tokenizer.decode(choices[0]!.context);
    return { row, text, labels, choices };
  });
  if (asked.length === 0) return true;
  const { threads } = options;
  const decoder = await loadDecoder(model, {
    slots: Math.min(SLOTS, most),
    capacity,
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

function tooLong(name: string, { row }: Item, tokens: number, contextLength: number): TunebookError {
  return new TunebookError(
    'evaluate/prompt-too-long',
    `The prompt of "${name}" for line ${row.line} of ${row.file} has ${tokens} tokens with the longest label, and the model reads ${contextLength}.`,
    {
      hint: 'Give fewer examples, shorten the row, or take a model with a longer context.',
      location: { file: row.file, line: row.line },
    },
  );
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
