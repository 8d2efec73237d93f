import type { TiedWeight } from '../models/family.ts';
import { liesIn } from './lora.ts';

/** The name under which PEFT knows that a table of words is the output layer too (`EMBEDDING_LAYER_NAMES`); of others it does not. */
const KNOWN_TO_PEFT = 'embed_tokens';

/** Which of `modules_to_save` hold a weight that the model uses twice, by either of its names. */
export function tiedAmong(tied: TiedWeight | undefined, modulesToSave: readonly string[]): string[] {
  if (!tied) return [];
  return modulesToSave.filter((name) => liesIn(tied.embedding, name) || liesIn(tied.output, name));
}

/** Whether PEFT can train and load such a weight as one, with `ensure_weight_tying`. */
export function staysTied({ embedding }: TiedWeight): boolean {
  return embedding.split('.').at(-1) === KNOWN_TO_PEFT;
}

/**
 * `modules_to_save` as PEFT has to read them for a weight that stays one: the table of words by its name, in place of the output layer.
 */
export function tiedNames({ output }: TiedWeight, modulesToSave: readonly string[]): string[] {
  const others = modulesToSave.filter((name) => !liesIn(output, name));
  return [...new Set([...others, KNOWN_TO_PEFT])].sort();
}
