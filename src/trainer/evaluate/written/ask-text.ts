import { promptTokens } from '../../generate/prompt-tokens.ts';
import { encodeAnswer, encodeWhole, type EncodedAnswer } from './encode-answer.ts';
import type { Item } from './items.ts';
import type { LocalCandidate } from './local-candidate.ts';

/** A row with its prompt as the model reads it. */
export interface AskedText {
  readonly row: number;
  readonly text: string;
  readonly ids: readonly number[];
  readonly reference?: EncodedAnswer;
  /** Tokens that the model has to read at once: the prompt with a first token of an answer, and with the reference where that is scored. */
  readonly needed: number;
}

/**
 * What a model is asked about a row that is answered in writing, or whose text is scored.
 * @param row its place among the items
 * @param use what is done with the row: an answer is written, the loss of its reference is measured
 * @throws TunebookError `evaluate/missing-slot`, `evaluate/bad-prompt`, and those of the chat template
 */
export function askText(
  { model, writer }: Pick<LocalCandidate, 'model' | 'writer'>,
  item: Item,
  row: number,
  { writes, scores }: { readonly writes: boolean; readonly scores: boolean },
): AskedText {
  const prompt = writer?.write(item) ?? item.prompt;
  // A whole text has nothing before it, and is read in windows.
  if (!prompt)
    return { row, text: '', ids: [], reference: encodeWhole(model.tokenizer, item.reference), needed: 0 };
  const ids = promptTokens(model, prompt);
  const text = 'text' in prompt ? prompt.text : model.tokenizer.decode(ids);
  const reference = scores ? encodeAnswer(model, prompt, item.reference, writer !== undefined) : undefined;
  const toScore = reference ? reference.context.length + reference.answer.length : 0;
  const needed = Math.max(writes ? ids.length + 1 : 0, toScore);
  return { row, text, ids, needed, ...(reference ? { reference } : {}) };
}
