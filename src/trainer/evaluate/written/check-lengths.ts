import { TunebookError } from '../../../protocol/error.ts';
import { placeOf } from '../../data/problem.ts';
import type { Item } from './items.ts';
import type { LocalCandidate } from './local-candidate.ts';

/** What a model is to read. */
interface Read {
  readonly candidate: Pick<LocalCandidate, 'name' | 'model'>;
  /** `needed`: the tokens of the prompt and of what belongs to it, as it is read at once. */
  readonly rows: readonly { readonly row: number; readonly needed: number }[];
}

/** Rows of a candidate that a message names. */
const NAMED = 3;

/**
 * Checks that no prompt is longer than its model's context.
 * @throws TunebookError `evaluate/prompt-too-long` that names each candidate with such prompts: how many, the first of them with their
 *   token counts, and the context
 */
export function checkLengths(reads: readonly Read[], items: readonly Item[]): void {
  const long = reads.flatMap(({ candidate, rows }) => {
    const { contextLength } = candidate.model;
    const over = rows.filter(({ needed }) => needed > contextLength);
    return over.length > 0 ? [{ candidate, over, of: rows.length }] : [];
  });
  const first = long[0];
  if (!first) return;
  const told = long.map(({ candidate: { name, model }, over, of }) => {
    const named = over.slice(0, NAMED);
    const places = named.map(({ row, needed }, i) => {
      const before = named[i - 1];
      return `${place(items[row]!, before && items[before.row])} (${needed} tokens)`;
    });
    const more = over.length > NAMED ? `, and ${over.length - NAMED} more` : '';
    const need = over.length === 1 ? 'needs' : 'need';
    return `"${name}" reads ${model.contextLength} tokens, prompt and answer together, and ${over.length} of ${of} rows ${need} more: ${places.join(', ')}${more}.`;
  });
  const { file, line } = items[first.over[0]!.row]!.row;
  throw new TunebookError('evaluate/prompt-too-long', told.join(' '), {
    hint: 'Give fewer examples, shorten the rows, or take a model with a longer context.',
    location: { file, line },
  });
}

/** The file is named where it is another than before: `line 7 of rows.jsonl`, `line 9`. */
function place({ row }: Item, before: Item | undefined): string {
  const whole = placeOf(row);
  const text = before?.row.file === row.file ? whole.slice(0, whole.indexOf(' of ')) : whole;
  return text[0]!.toLowerCase() + text.slice(1);
}
