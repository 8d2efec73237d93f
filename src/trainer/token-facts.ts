import { statSync } from 'node:fs';
import type { ResolvedRun } from '../language/resolved.ts';
import { TunebookError } from '../protocol/error.ts';
import type { TokenFacts } from '../protocol/inspect.ts';
import { asProblem } from './as-problem.ts';
import { findTokenizer } from './checkpoint/inspect-model.ts';
import { resolveBase, resolveTokenizer } from './checkpoint/resolve-base.ts';
import { expandFiles } from './data/expand-files.ts';
import { loadTokenizer } from './data/tokenizer.ts';
import { loadSplit } from './loop/load-data.ts';

/** Data that is larger is not tokenised while a person edits; `tunebook plan` does. */
const MAX_BYTES = 8 * 2 ** 20;

/** Longer than any row of such data. */
const UNCUT = 2 ** 24;

/** What is told about the rows; anything else is told by those who look at the data or the model. */
const TOLD = new Set([
  'data/all-masked',
  'data/no-chat-template',
  'data/bad-chat-template',
  'data/bad-messages',
]);

/**
 * What becomes of the training rows of a run as tokens, by the very code that trains. `undefined` where the data is too large, or something
 * that it takes cannot be read.
 * @throws the signal's reason when aborted
 */
export async function tokenFacts(
  run: ResolvedRun,
  { signal, maxBytes = MAX_BYTES }: { signal: AbortSignal; maxBytes?: number },
): Promise<TokenFacts | undefined> {
  const named = run.data.train.dataset.files[run.data.train.split] ?? [];
  const files = await expandFiles(named).catch(() => named);
  if (files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0) > maxBytes)
    return undefined;
  try {
    const own = run.model.tokenizer;
    const tokenizer = await loadTokenizer(
      own === undefined ? findTokenizer(resolveBase(run.model.base, run.file)) : resolveTokenizer(own),
    );
    signal.throwIfAborted();
    const load = async (changed: ResolvedRun) =>
      (await loadSplit(changed, changed.data.train, tokenizer, { signal, onProgress: () => undefined }))
        .report;
    const uncut = (changed: ResolvedRun): ResolvedRun => ({
      ...changed,
      data: { ...changed.data, max_length: UNCUT, packing: false },
    });
    const { rows, truncated, dropped, masked, longest } = await load(run);
    const isWhole = truncated === 0 && dropped === masked;
    return {
      rows,
      cut: truncated,
      masked: dropped - masked,
      ...(masked > 0 && { fullyMasked: masked }),
      longest: isWhole ? longest : (await load(uncut(run))).longest,
    };
  } catch (error) {
    if (!(error instanceof TunebookError)) throw error;
    return TOLD.has(error.code)
      ? { rows: 0, cut: 0, masked: 0, longest: 0, problem: asProblem(error, '') }
      : undefined;
  }
}
