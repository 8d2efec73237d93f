import { loadDecoder } from '../../generate/causal-model.ts';
import type { Decoder } from '../../generate/decoder.ts';
import { generate } from '../../generate/generate.ts';
import { ContinuationScorer } from '../../generate/score-choices.ts';
import type { ReferenceLoss } from '../../../protocol/evaluation.ts';
import type { WrittenAnswer } from './answer.ts';
import type { AskedText } from './ask-text.ts';
import type { Item } from './items.ts';
import type { LocalCandidate } from './local-candidate.ts';

export interface LocalAnswering {
  readonly candidate: LocalCandidate;
  readonly items: readonly Item[];
  /** The rows that lack their answer, none longer than the model's context. */
  readonly asked: readonly AskedText[];
  /** Whether texts are written at all; where only losses are wanted, and of whole texts, none are. */
  readonly writes: boolean;
  /** Whether the loss of the references is wanted. */
  readonly scores: boolean;
  readonly threads: number | undefined;
  readonly signal: AbortSignal;
  readonly onAnswer: (answer: WrittenAnswer) => void;
}

/** Answers in the making at once: more of them share the reading of the weights. */
const SLOTS = 8;

/**
 * Has a model answer rows in writing, and scores their references where that is wanted.
 * @returns false when it was interrupted; answers told of so far are whole
 * @throws TunebookError those of the weights and of generating
 */
export async function answerLocally(options: LocalAnswering): Promise<boolean> {
  const { candidate, items, asked, writes, scores, signal } = options;
  const { model, settings } = candidate;
  if (asked.length === 0) return true;
  const longest = (of: (one: AskedText) => number) => asked.reduce((most, one) => Math.max(most, of(one)), 0);
  const toWrite = writes ? longest(({ ids }) => ids.length) + settings.max_new_tokens : 0;
  const toScore = scores
    ? longest(({ reference }) => (reference ? reference.context.length + reference.answer.length : 0))
    : 0;
  const capacity = Math.min(model.contextLength, Math.max(toWrite, toScore));
  const decoder = await loadDecoder(model, {
    slots: writes ? Math.min(SLOTS, asked.length + 1) : 1,
    capacity,
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  });
  try {
    const losses = new Map<number, ReferenceLoss>();
    const scorer = new ContinuationScorer(decoder);
    for (const one of scores ? asked : []) {
      if (signal.aborted) return false;
      const started = performance.now();
      const loss = await lossOf(scorer, decoder, one, items[one.row]!);
      losses.set(one.row, loss);
      if (!writes) tellOfLoss(one, loss, performance.now() - started, options);
      // A signal is heard between two computations only.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return writes ? await write(asked, losses, decoder, options) : true;
  } finally {
    await decoder.dispose();
  }
}

/** Generates; equal prompts whose answers cannot differ are answered once. */
async function write(
  asked: readonly AskedText[],
  losses: ReadonlyMap<number, ReferenceLoss>,
  decoder: Decoder,
  { candidate, signal, onAnswer }: LocalAnswering,
): Promise<boolean> {
  const { model, settings } = candidate;
  const equal = new Map<string, AskedText[]>();
  for (const one of asked) {
    const key = settings.do_sample ? String(one.row) : one.ids.join();
    const same = equal.get(key);
    if (same) same.push(one);
    else equal.set(key, [one]);
  }
  const byRow = new Map([...equal.values()].map((group) => [group[0]!.row, group]));
  const answers = await generate(
    [...byRow.values()].map(([one]) => ({ row: one!.row, ids: one!.ids })),
    {
      decoder,
      tokenizer: model.tokenizer,
      settings,
      signal,
      onAnswer: ({ row, text, ids, finish, milliseconds }) => {
        for (const [place, one] of byRow.get(row)!.entries()) {
          const loss = losses.get(one.row);
          onAnswer({
            row: one.row,
            output: text,
            latency: milliseconds,
            prompt: one.text,
            detail: {
              promptTokens: one.ids.length,
              outputTokens: ids.length,
              finish,
              ...(loss ? { loss } : {}),
              ...(place > 0 ? { cached: true as const } : {}),
            },
          });
        }
      },
    },
  );
  return answers !== undefined;
}

/** Texts longer than the context are scored in windows: each token is foreseen once, in a window behind one token of the one before. */
async function lossOf(
  scorer: ContinuationScorer,
  { capacity }: Decoder,
  { reference }: AskedText,
  item: Item,
): Promise<ReferenceLoss> {
  const { context, answer, ends } = reference!;
  const tokens: number[] = [];
  let before = context;
  for (let start = 0; start < answer.length;) {
    const part = answer.slice(start, start + capacity - before.length);
    tokens.push(...(await scorer.score(before, part)).tokens);
    start += part.length;
    before = part.slice(-1);
  }
  const nll = -tokens.reduce((a, b) => a + b, 0);
  const textNll = ends ? nll + tokens.at(-1)! : nll;
  return { nll, tokens: tokens.length, textNll, bytes: Buffer.byteLength(item.reference) };
}

function tellOfLoss(
  { row, text, ids }: AskedText,
  loss: ReferenceLoss,
  latency: number,
  { onAnswer }: LocalAnswering,
): void {
  onAnswer({
    row,
    output: '',
    latency,
    ...(text === '' ? {} : { prompt: text }),
    detail: { promptTokens: ids.length, loss },
  });
}
