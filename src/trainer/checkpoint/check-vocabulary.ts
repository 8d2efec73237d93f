import { TunebookError } from '../../protocol/error.ts';
import { list } from '../data/problem.ts';
import type { Tokenizer } from '../data/tokenizer.ts';

/** Tokens that are named one by one; more of them mean another tokenizer. */
const NAMED = 8;

/**
 * Makes sure that every token has a row in the embedding. Rows that no token has are usual.
 * @param place where the size of the embedding stands
 * @throws TunebookError `model/vocabulary-mismatch`
 */
export function checkVocabulary(
  tokenizer: Pick<Tokenizer, 'vocabSize' | 'folder' | 'decode'>,
  { vocab_size: rows }: { readonly vocab_size: number },
  place: string,
): void {
  const { vocabSize, folder } = tokenizer;
  const beyond = vocabSize - rows;
  if (beyond <= 0) return;
  const ids = Array.from({ length: Math.min(beyond, NAMED) }, (_, i) => rows + i);
  const named = ids.map((id) => `${JSON.stringify(tokenizer.decode([id]))} (${id})`);
  const which =
    beyond > NAMED
      ? `${beyond} tokens have no row`
      : `${list(named)} ${beyond === 1 ? 'has' : 'have'} no row`;
  throw new TunebookError(
    'model/vocabulary-mismatch',
    `The tokenizer in ${folder} has ${vocabSize} tokens, but the model's embedding has only ${rows} rows (vocab_size in ${place}): ${which}.`,
    {
      hint:
        beyond > NAMED
          ? 'The tokenizer is of another model: take the one that was saved with this model.'
          : 'Take the tokenizer that was saved with the model, give the model rows for them in transformers (resize_token_embeddings), or take them out of tokenizer.json where no text has them.',
      location: { file: folder },
    },
  );
}
