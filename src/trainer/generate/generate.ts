import { setImmediate } from 'node:timers/promises';
import type { Tokenizer } from '../data/tokenizer.ts';
import { TunebookError } from '../../protocol/error.ts';
import { Random } from '../random.ts';
import { AnswerText } from './answer-text.ts';
import { chooseToken, takesLikeliest } from './choose-token.ts';
import type { Decoder } from './decoder.ts';
import type { NewTokens } from './key-value-memory.ts';
import type { GenerationSettings } from './settings.ts';

/** A prompt, as the model reads it. */
export interface PromptTokens {
  /** What it is called by whoever asks; with the seed it decides what is drawn, so that answers do not depend on what is asked beside. */
  readonly row: number;
  readonly ids: readonly number[];
}

export interface Generated {
  readonly row: number;
  /** The tokens of the answer, with the one that ended it. */
  readonly ids: readonly number[];
  /** The text of the answer: without special tokens, and up to the stop string. */
  readonly text: string;
  /** What ended it: a token, a stop string, or the most tokens that it may have. */
  readonly finish: 'eos' | 'stop' | 'length';
  /** Milliseconds: its share of what was computed for several at once. */
  readonly milliseconds: number;
}

export interface GenerateOptions {
  readonly decoder: Decoder;
  readonly tokenizer: Tokenizer;
  readonly settings: GenerationSettings;
  readonly signal?: AbortSignal;
  /** Told of text as it comes. */
  readonly onText?: (row: number, text: string) => void;
  /** Told of an answer when it is whole; they end in any order. */
  readonly onAnswer?: (answer: Generated) => void;
}

/** One answer in the making. */
interface Going {
  readonly row: number;
  readonly ids: number[];
  readonly promptLength: number;
  readonly random: Random;
  readonly text: AnswerText;
  milliseconds: number;
  ended: boolean;
}

/** Tokens of prompts that are read at once, at most: more hardly make it faster, and take memory. */
const TOGETHER = 512;
/** Share of padding that reading prompts at once may cost. */
const PADDING = 0.2;

/** Tokens at the beginning of all prompts that are worth reading only once. */
const SHARED = 16;

/**
 * Answers prompts, as many at once as the decoder has slots: a slot whose answer ended takes the next prompt. What all prompts begin with
 * (instructions, examples) is read once when a slot can be spared for it.
 * @returns the answers in the order of the prompts; undefined when it was interrupted
 * @throws TunebookError `generate/prompt-too-long`, `generate/not-a-number`
 */
export async function generate(
  prompts: readonly PromptTokens[],
  options: GenerateOptions,
): Promise<Generated[] | undefined> {
  const { decoder, signal } = options;
  for (const prompt of prompts) checkLength(prompt, decoder);
  const answers = new Map<number, Generated>();
  const waiting = [...prompts].reverse();
  const going: Going[] = [];
  const shared = await readShared(prompts, decoder);
  const room = shared.slot ?? decoder.slots;

  /** Reads tokens into slots and gives each of their answers its next token. Those that end leave. */
  const advance = async (ones: Going[], tokens: NewTokens): Promise<void> => {
    const started = performance.now();
    const ids = await nextTokens(ones, tokens, options);
    const share = (performance.now() - started) / ones.length;
    for (const [place, one] of ones.entries()) {
      const id = ids[place]!;
      if (id < 0) throw notANumber();
      one.ids.push(id);
      one.milliseconds += share;
      const answer = conclude(one, options);
      if (!answer) continue;
      answers.set(answer.row, answer);
      options.onAnswer?.(answer);
      one.ended = true;
    }
    for (let slot = going.length - 1; slot >= 0; slot--) if (going[slot]!.ended) close(going, slot, decoder);
  };

  while (going.length > 0 || waiting.length > 0) {
    if (signal?.aborted) return undefined;
    while (going.length < room && waiting.length > 0) {
      const slot = going.length;
      const read = takeTogether(waiting, room - slot, shared.length).map((prompt) => begin(prompt, options));
      if (shared.slot !== undefined) for (const i of read.keys()) decoder.copy(shared.slot, slot + i);
      going.push(...read);
      await advance(read, {
        slot,
        lengths: read.map(() => shared.length),
        fresh: read.map(({ ids }) => ids.slice(shared.length)),
      });
    }
    if (going.length === 0) continue;
    await advance([...going], {
      slot: 0,
      lengths: going.map(({ ids }) => ids.length - 1),
      fresh: going.map(({ ids }) => ids.slice(-1)),
    });
    await setImmediate();
  }
  return prompts.map(({ row }) => answers.get(row)!);
}

/** The next token of each; −1 where a logit is not a number. */
async function nextTokens(
  ones: readonly Going[],
  tokens: NewTokens,
  { decoder, settings }: GenerateOptions,
): Promise<number[]> {
  if (takesLikeliest(settings)) return await decoder.likeliest(tokens);
  const logits = await decoder.logits(tokens);
  const { vocabSize } = decoder;
  return ones.map((one, place) =>
    chooseToken(logits.subarray(place * vocabSize, (place + 1) * vocabSize), one, settings, one.random),
  );
}

/**
 * Takes the prompts that are read next, at once: more make products faster, and padding slower.
 * @param waiting the next one last
 * @param most how many there is room for
 * @param shared tokens of each that have been read already
 */
function takeTogether(waiting: PromptTokens[], most: number, shared: number): PromptTokens[] {
  const taken: PromptTokens[] = [];
  let [longest, tokens] = [0, 0];
  while (taken.length < most) {
    const next = waiting.at(-1);
    if (!next) break;
    const own = next.ids.length - shared;
    longest = Math.max(longest, own);
    tokens += own;
    const padded = longest * (taken.length + 1);
    if (taken.length > 0 && (padded > TOGETHER || padded > tokens * (1 + PADDING))) break;
    taken.push(next);
    waiting.pop();
  }
  return taken;
}

function begin({ row, ids }: PromptTokens, { settings, tokenizer }: GenerateOptions): Going {
  return {
    row,
    ids: [...ids],
    promptLength: ids.length,
    random: new Random(settings.seed, row),
    text: new AnswerText(tokenizer, ids, settings.stop_strings),
    milliseconds: 0,
    ended: false,
  };
}

/** Tells of the newest token, and gives the answer when that was its last. */
function conclude(one: Going, { decoder, settings, onText }: GenerateOptions): Generated | undefined {
  const { row, ids, promptLength, text, milliseconds } = one;
  const own = ids.slice(promptLength);
  const isEnd = settings.eos_token_id.includes(own.at(-1)!);
  const isFull = own.length >= settings.max_new_tokens || ids.length >= decoder.capacity;
  const more =
    onText || settings.stop_strings.length > 0 || isEnd || isFull ? text.update(own, isEnd || isFull) : '';
  if (more !== '') onText?.(row, more);
  if (!isEnd && !isFull && !text.stopped) return undefined;
  const finish = text.stopped ? 'stop' : isEnd ? 'eos' : 'length';
  return { row, ids: own, text: text.text, finish, milliseconds };
}

/** Takes an answer out; the last one moves into its slot, so that those that go on are the first slots. */
function close(going: Going[], slot: number, decoder: Decoder): void {
  const last = going.pop()!;
  if (slot === going.length) return;
  decoder.copy(going.length, slot);
  going[slot] = last;
}

/** Reads what all prompts begin with into the last slot. At least one token is left to each prompt. */
async function readShared(
  prompts: readonly PromptTokens[],
  decoder: Decoder,
): Promise<{ length: number; slot?: number }> {
  const [first, ...others] = prompts;
  if (!first || others.length === 0 || decoder.slots < 2) return { length: 0 };
  let length = Math.min(...prompts.map(({ ids }) => ids.length)) - 1;
  for (const { ids } of others) {
    let same = 0;
    while (same < length && ids[same] === first.ids[same]) same++;
    length = same;
  }
  if (length < SHARED) return { length: 0 };
  const slot = decoder.slots - 1;
  await decoder.read(slot, first.ids.slice(0, length), 0);
  return { length, slot };
}

function checkLength({ ids, row }: PromptTokens, { capacity }: Decoder): void {
  if (ids.length === 0) throw new Error(`the prompt ${row} has no tokens`);
  if (ids.length < capacity) return;
  throw new TunebookError(
    'generate/prompt-too-long',
    `A prompt has ${ids.length} tokens, and the model reads ${capacity} together with its answer.`,
    { hint: 'Shorten the prompt, or take a model with a longer context.' },
  );
}

function notANumber(): TunebookError {
  return new TunebookError(
    'generate/not-a-number',
    'The model computes numbers that are none: its weights are damaged or overflow.',
    { hint: 'Train it again with a lower learning_rate, or copy its folder again.' },
  );
}
