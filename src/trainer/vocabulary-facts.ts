import type { InspectVocabularyParams, VocabularyFacts } from '../protocol/inspect.ts';
import { TunebookError } from '../protocol/error.ts';
import { checkVocabulary } from './checkpoint/check-vocabulary.ts';
import { loadTokenizer } from './data/tokenizer.ts';
import { asProblem } from './as-problem.ts';

/**
 * Whether a tokenizer fits an embedding, by the very code that trains: the tokens are counted as they are read, not as a file says it.
 * `undefined` where there is no tokenizer.
 */
export async function vocabularyFacts({
  folder,
  rows,
  place,
}: InspectVocabularyParams): Promise<VocabularyFacts | undefined> {
  try {
    const tokenizer = await loadTokenizer(folder);
    if (rows !== undefined) checkVocabulary(tokenizer, { vocab_size: rows }, place);
    return {};
  } catch (error) {
    if (!(error instanceof TunebookError)) throw error;
    return error.code === 'tokenizer/missing' ? undefined : { problem: asProblem(error, folder) };
  }
}
