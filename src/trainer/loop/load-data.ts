import type { DataReference, ResolvedRun } from '../../language/resolved.ts';
import { PREFERENCE, type Format } from '../../language/schema/formats.ts';
import { TunebookError } from '../../protocol/error.ts';
import { findWorkspace } from '../../runs/workspace.ts';
import { tokenizeClassification, tokenizeTargets } from '../data/classification.ts';
import type { LanguageModelOptions } from '../data/example.ts';
import { tokenizeOnce } from '../data/tokenize-once.ts';
import { tokenizePreference } from '../data/preference.ts';
import { withFormat, type KnownReference } from '../data/recognise.ts';
import { isTargetFormat } from '../data/targets.ts';
import { tokenizeText } from '../data/text.ts';
import type { Tokenizer } from '../data/tokenizer.ts';
import { tokenizeTokens } from '../data/tokens.ts';
import type { TokenizationReport } from '../data/report.ts';
import type { TrainingData } from './objective.ts';

export interface LoadedSplit {
  /** As the data set says it, or as its columns do. */
  readonly format: Format;
  readonly data: TrainingData;
  readonly labels: readonly string[];
  readonly report: TokenizationReport;
}

export interface LoadOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (rows: number) => void;
  /** Labels that are known already: those of the training split, for the others. */
  readonly labels?: readonly string[];
  /** The labels of the base model's head. */
  readonly head?: readonly string[];
}

/**
 * Reads and tokenises one split for the run's task.
 * @throws TunebookError of the data readers, and `model/no-mask-token`
 */
export async function loadSplit(
  run: ResolvedRun,
  asked: DataReference,
  tokenizer: Tokenizer,
  options: LoadOptions,
): Promise<LoadedSplit> {
  const reference = await withFormat(asked, run.model.task, run.model.problem_type);
  return { format: reference.dataset.format, ...(await tokenize(run, reference, tokenizer, options)) };
}

async function tokenize(
  run: ResolvedRun,
  reference: KnownReference,
  tokenizer: Tokenizer,
  options: LoadOptions,
): Promise<Omit<LoadedSplit, 'format'>> {
  const { max_length } = run.data;
  const { signal, onProgress } = options;
  if (run.model.task === 'fill-mask') {
    const text = await tokenizeText(reference, tokenizer, { max_length, signal, onProgress });
    return {
      data: { kind: 'fill-mask', sequences: text, masking: masking(run, tokenizer) },
      labels: [],
      report: text.report,
    };
  }
  if (run.model.task === 'text-generation' && reference.dataset.format === PREFERENCE) {
    const { chat_template_path } = run.data;
    const pairs = await tokenizePreference(reference, tokenizer, {
      max_length,
      ...(chat_template_path === undefined ? {} : { chat_template_path }),
      signal,
      onProgress,
    });
    return {
      data: {
        kind: 'preference',
        sequences: pairs,
        lossMask: pairs.loss_mask,
        learnsChosen: run.method.orpo !== undefined,
      },
      labels: [],
      report: pairs.report,
    };
  }
  if (run.model.task === 'text-generation') {
    const rows = await tokenizeOnce(reference, tokenizer, languageModelOptions(run), {
      workspace: findWorkspace(run.file),
      signal,
      onProgress,
    });
    const { tokens, offsets, packed } = rows;
    return {
      data: { kind: 'text-generation', tokens, sequences: { offsets }, ...(packed ? { packed } : {}) },
      labels: [],
      report: rows.report,
    };
  }
  const known = options.labels ?? run.model.labels ?? reference.dataset.labels;
  const labelled = {
    max_length,
    ...(known ? { labels: [...known] } : {}),
    ...(options.head ? { head: options.head } : {}),
    ...(run.model.num_labels === undefined ? {} : { num_labels: run.model.num_labels }),
    signal,
    onProgress,
  };
  if (run.model.task === 'token-classification') {
    const words = await tokenizeTokens(reference, tokenizer, labelled);
    return {
      data: { kind: 'token-classification', sequences: words, labels: words.labels },
      labels: words.labelNames,
      report: words.report,
    };
  }
  if (isTargetFormat(reference.dataset.format)) {
    const { targets, ...sequences } = await tokenizeTargets(reference, tokenizer, labelled);
    const { problem, values, width, names } = targets;
    return {
      data: { kind: 'text-targets', problem, sequences, values, width },
      labels: names,
      report: sequences.report,
    };
  }
  const rows = await tokenizeClassification(reference, tokenizer, labelled);
  return {
    data: { kind: 'text-classification', sequences: rows, labels: rows.labels },
    labels: rows.labelNames,
    report: rows.report,
  };
}

/** How the texts of a run become examples of a causal language model. */
export function languageModelOptions({
  data,
}: Pick<ResolvedRun, 'data'>): Omit<LanguageModelOptions, 'signal' | 'onProgress' | 'most'> {
  const { max_length, packing = false, packing_strategy = 'bfd', completion_only_loss = true } = data;
  const { assistant_only_loss = false, chat_template_path } = data;
  return {
    max_length,
    packing,
    packing_strategy,
    completion_only_loss,
    assistant_only_loss,
    ...(chat_template_path === undefined ? {} : { chat_template_path }),
  };
}

function masking(run: ResolvedRun, tokenizer: Tokenizer) {
  const { mask, pad, cls, sep, unk: _unk, ...rest } = tokenizer.specialTokens;
  if (mask === undefined) {
    throw new TunebookError(
      'model/no-mask-token',
      'The tokenizer has no [MASK] token, which fill-mask training needs.',
      {
        hint: 'Give a tokenizer of a BERT-like model in model: tokenizer:.',
        location: { file: tokenizer.folder },
      },
    );
  }
  const special = [pad, cls, sep, mask, ...Object.values(rest)].filter((id) => id !== undefined);
  return {
    probability: run.data.mlm_probability ?? 0.15,
    maskId: mask,
    vocabSize: tokenizer.vocabSize,
    specialIds: new Set(special),
    seed: run.train.seed,
  };
}
