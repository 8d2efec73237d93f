import type { EvaluationResult } from '../../../protocol/evaluation.ts';
import { compareEntities, isEntityTag, type Entity, type EntityComparison } from '../../loop/entities.ts';
import { countedMacroF1, sumCounts, type RowCounts } from '../counted-macro-f1.ts';
import { macroF1 } from '../metrics.ts';
import type { ResampledMetric } from '../statistics/resampled.ts';
import { QUOTIENT, summariseMetrics, type SummedMetric } from '../summarise-metrics.ts';
import { scoreLabelCounts } from '../targets/label-metrics.ts';
import { writeVerdict } from '../verdict.ts';
import { OUTSIDE, readerOf } from './spans.ts';
import type { TagMetric } from './tag-evaluation.ts';

/** The place of no tag: of a word that a model did not read. */
export const UNREAD = -1;

/** What an evaluation of taggers has measured. */
export interface TagMeasurements {
  /** The data set and split, as written in the config. */
  readonly data: string;
  /** The tags. */
  readonly labels: readonly string[];
  /** Of each row, the right tag of each word; indices into `labels`, like the tags of each candidate. */
  readonly references: readonly Int32Array[];
  /** In the order of the config, so that a pair's difference is "later minus earlier". */
  readonly candidates: readonly {
    readonly name: string;
    /** {@link UNREAD} where it gave no tag. */
    readonly tags: readonly Int32Array[];
    /** Milliseconds, `[rows]`. */
    readonly latencies: Float64Array;
  }[];
  /** Most important first. */
  readonly metrics: readonly TagMetric[];
  readonly seed: number;
}

/**
 * Metrics of entities as seqeval counts them, with intervals by resampling rows, pairs with tests and Holm's correction, the verdict, and
 * the scores of every type. A word without a tag is outside of every entity, and no right word. Pure, and the same for the same answers
 * and seed.
 * @throws RangeError when there is no row
 */
export function summariseTags(measured: TagMeasurements): EvaluationResult {
  const { data, labels, references, candidates, metrics, seed } = measured;
  const n = references.length;
  if (n === 0) throw new RangeError('There are no examples to score.');
  const read = readerOf(labels);
  const entities = (rows: readonly Int32Array[]): Entity[][] =>
    rows.map((tags) => read(Array.from(tags, (tag) => labels[tag] ?? OUTSIDE)));
  const expected = entities(references);
  const compared = candidates.map(({ tags }) =>
    entities(tags).map((own, row) => compareEntities(own, expected[row]!)),
  );
  const types = typesOf(compared.flat());
  const counts = compared.map((rows) => rows.map((row) => countTypes(row, types)));
  const { estimates, pairs } = summariseMetrics(candidates, {
    metrics,
    n,
    seed,
    metricOf: (name) => metricOf(name, measured, { compared, counts, types }),
  });
  const perLabel = Object.fromEntries(
    candidates.map(({ name }, i) => [name, scoreLabelCounts(sumCounts(counts[i]!, types.length), types)]),
  );
  const kind = labels.some(isEntityTag) ? { isOfEntities: true as const } : {};
  const summary = { data, candidates: estimates, pairs };
  return { type: 'result', ...summary, verdict: writeVerdict(summary), perLabel, ...kind };
}

/** Every type that is expected or given, in seqeval's order. */
function typesOf(rows: readonly EntityComparison[]): string[] {
  const types = rows.flatMap(({ predicted, expected }) => [...predicted, ...expected]);
  return [...new Set(types.map(({ type }) => type))].sort((a, b) => (a < b ? -1 : 1));
}

function countTypes({ predicted, expected, right }: EntityComparison, types: readonly string[]): RowCounts {
  const own = [...new Set([...predicted, ...expected].map(({ type }) => type))];
  const of = (entities: readonly Entity[]) =>
    Int32Array.from(own, (type) => entities.filter((entity) => entity.type === type).length);
  return {
    labels: Int32Array.from(own, (type) => types.indexOf(type)),
    right: of(right),
    predicted: of(predicted),
    support: of(expected),
  };
}

function metricOf(
  name: Exclude<TagMetric, 'latency'>,
  { candidates, references }: TagMeasurements,
  {
    compared,
    counts,
    types,
  }: {
    readonly compared: readonly (readonly EntityComparison[])[];
    readonly counts: readonly (readonly RowCounts[])[];
    readonly types: readonly string[];
  },
): SummedMetric | ResampledMetric {
  const ofEntities = (numbers: (right: number, predicted: number, expected: number) => number[]) => ({
    name,
    statistic: QUOTIENT,
    numbers: compared.map((rows) =>
      Float64Array.from(
        rows.flatMap(({ right, predicted, expected }) =>
          numbers(right.length, predicted.length, expected.length),
        ),
      ),
    ),
  });
  switch (name) {
    case 'f1':
      return ofEntities((right, predicted, expected) => [2 * right, predicted + expected]);
    case 'precision':
      return ofEntities((right, predicted) => [right, predicted]);
    case 'recall':
      return ofEntities((right, _, expected) => [right, expected]);
    case 'macro_f1':
      return countedMacroF1(counts, types.length, ({ right, predicted, support }) =>
        macroF1(right, predicted, support),
      );
    case 'accuracy':
      return {
        name,
        statistic: QUOTIENT,
        numbers: candidates.map(({ tags }) =>
          Float64Array.from(references.flatMap((own, row) => [countRightWords(tags[row]!, own), own.length])),
        ),
      };
  }
}

/** How many words have their right tag. */
export function countRightWords(tags: Int32Array, reference: Int32Array): number {
  return reference.reduce((right, tag, word) => right + Number(tags[word] === tag), 0);
}
