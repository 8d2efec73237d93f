import { formatNumber } from '../../protocol/format.ts';
import type { PlannedExample } from '../../protocol/plan.ts';
import type { Tokenizer } from '../data/tokenizer.ts';
import type { LoadedSplit } from '../loop/load-data.ts';
import type { TrainingData } from '../loop/objective.ts';
import { rowCount } from '../loop/sequences.ts';
import { takeSequences, type MaskedSequences } from '../loop/take-sequences.ts';

const EXAMPLES = 3;
/** Pairs of answers that are shown: two texts each. */
const PAIRS = 2;
/** Tokens of an example that are shown. */
const LONGEST = 400;

/** Data of which the first rows are in memory. */
type Shown =
  Exclude<TrainingData, { kind: 'text-generation' }> | ({ kind: 'text-generation' } & MaskedSequences);

/** The first rows of a split as the model sees them, with the tokens that count told from those that do not. */
export function plannedExamples({ data: all, labels }: LoadedSplit, tokenizer: Tokenizer): PlannedExample[] {
  const wanted = all.kind === 'preference' ? 2 * PAIRS : EXAMPLES;
  const count = Math.min(wanted, rowCount(all.sequences));
  const data: Shown =
    all.kind === 'text-generation'
      ? { kind: all.kind, ...takeSequences(all, [...Array(count).keys()]) }
      : all;
  const { input_ids, offsets } = data.sequences;
  return Array.from({ length: count }, (_, row) => {
    const [from, to] = [offsets[row]!, offsets[row + 1]!];
    const label = labelOf(data, labels, row);
    const shown = Math.min(to, from + LONGEST);
    const segments: { ids: number[]; counts: boolean }[] = [];
    for (let token = from; token < shown; token++) {
      const counts = isTarget(data, token, token === from) || (token > from && learnsChosen(data, row));
      const last = segments.at(-1);
      if (last?.counts === counts) last.ids.push(input_ids[token]!);
      else segments.push({ ids: [input_ids[token]!], counts });
    }
    return {
      segments: withTexts(segments, tokenizer),
      tokens: to - from,
      ...(label === undefined ? {} : { label }),
    };
  });
}

/** The texts of stretches of tokens, which together read as the whole: what stands between two of them is decoded with neither alone. */
function withTexts(
  segments: readonly { ids: readonly number[]; counts: boolean }[],
  tokenizer: Tokenizer,
): PlannedExample['segments'] {
  const ids: number[] = [];
  let before = '';
  return segments.map((segment) => {
    ids.push(...segment.ids);
    const whole = tokenizer.decode(ids);
    // A letter whose bytes are parted reads otherwise with the rest of it.
    const text = whole.startsWith(before) ? whole.slice(before.length) : tokenizer.decode(segment.ids);
    before = whole;
    return { text, counts: segment.counts };
  });
}

/** What is said of an example beside its text: its label, or which answer of a pair it is. */
function labelOf(data: Shown, labels: readonly string[], row: number): string | undefined {
  if (data.kind === 'text-targets') return targetOf(data, labels, row);
  if (data.kind === 'preference') return row % 2 === 0 ? 'chosen' : 'rejected';
  return data.kind === 'text-classification' ? labels[data.labels[row]!] : undefined;
}

/** The labels of a row, or its number. */
function targetOf(
  { problem, values, width }: Extract<TrainingData, { kind: 'text-targets' }>,
  labels: readonly string[],
  row: number,
): string {
  const own = values.subarray(row * width, (row + 1) * width);
  if (problem === 'regression') return formatNumber(own[0]!);
  return labels.filter((_, label) => own[label] === 1).join(', ') || 'no label';
}

/** Whether a row is a chosen text that is learnt whole. */
function learnsChosen(data: Shown, row: number): boolean {
  return data.kind === 'preference' && data.learnsChosen && row % 2 === 0;
}

/** Whether a token is predicted, or has a label of its own. Which ones are masked is drawn anew for each batch. */
function isTarget(data: Shown, token: number, isFirst: boolean): boolean {
  if (data.kind === 'text-generation' || data.kind === 'preference')
    return !isFirst && data.lossMask[token] === 1;
  return data.kind === 'token-classification' && data.labels[token]! >= 0;
}
