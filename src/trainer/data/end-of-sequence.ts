import type { Tokenizer } from './tokenizer.ts';

/** Token ids with the end-of-sequence token behind them, unless they end with it or there is none. */
export function ended(ids: number[], eos: number | undefined): number[] {
  return eos === undefined || ids.at(-1) === eos ? ids : [...ids, eos];
}

/** The ids of a text that is whole: ended, and with what the tokenizer puts around every text, as TRL's trainers make them. */
export function encodeToItsEnd(text: string, tokenizer: Tokenizer): number[] {
  return tokenizer.addSpecialTokens(ended(tokenizer.tokenize(text), tokenizer.specialTokens.eos)).input_ids;
}
