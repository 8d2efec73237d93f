import type { Tokenizer } from './tokenizer.ts';

/**
 * The ids of a text that is whole: the end-of-sequence token behind it, unless it writes that itself, and what the tokenizer puts around
 * every text, as TRL's trainers make them.
 */
export function encodeToItsEnd(text: string, tokenizer: Tokenizer): number[] {
  const ids = tokenizer.tokenize(text);
  const { eos } = tokenizer.specialTokens;
  if (eos !== undefined && ids.at(-1) !== eos) ids.push(eos);
  return tokenizer.addSpecialTokens(ids).input_ids;
}
