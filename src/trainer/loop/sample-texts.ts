import type { ResolvedRun } from '../../language/resolved.ts';
import { TunebookError } from '../../protocol/error.ts';
import { tokenizeLanguageModel } from '../data/language-model.ts';
import { withFormat } from '../data/recognise.ts';
import type { Tokenizer } from '../data/tokenizer.ts';
import { languageModelOptions } from './load-data.ts';

/** So many texts are read to tell how they stand together: they take a moment, however many there are. */
const SAMPLED = 1000;

/** Whether several texts of a run may stand in one row. Rows that are `wrapped` are cut out of one long text. */
export function packsTexts({ data, model }: Pick<ResolvedRun, 'data' | 'model'>): boolean {
  return model.task === 'text-generation' && data.packing === true && data.packing_strategy !== 'wrapped';
}

/**
 * How many tokens each of the first texts of a run has that packs them.
 * @returns undefined where they cannot be read: that is told when all are
 */
export async function sampleTexts(run: ResolvedRun, tokenizer: Tokenizer): Promise<Int32Array | undefined> {
  try {
    const reference = await withFormat(run.data.train, run.model.task);
    const { offsets } = await tokenizeLanguageModel(reference, tokenizer, {
      ...languageModelOptions(run),
      most: SAMPLED,
    });
    return offsets.slice(1).map((end, i) => end - offsets[i]!);
  } catch (error) {
    if (error instanceof TunebookError) return undefined;
    throw error;
  }
}
