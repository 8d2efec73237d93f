import { countedMacroF1, type RowCounts } from '../counted-macro-f1.ts';
import type { ResampledMetric } from '../statistics/resampled.ts';
import { macroF1OfCounts, type LabelFlags } from './label-metrics.ts';

/**
 * Macro-F1 of rows with any number of labels.
 * @param candidates the labels that each gave, `[rows, width]`
 */
export function labelMacroF1(
  candidates: readonly LabelFlags[],
  references: LabelFlags,
  width: number,
): ResampledMetric {
  const rows = candidates.map((flags) => rowsOf(flags, references, width));
  return countedMacroF1(rows, width, macroF1OfCounts);
}

function rowsOf(flags: LabelFlags, references: LabelFlags, width: number): RowCounts[] {
  return Array.from({ length: references.length / width }, (_, row) => {
    const labels: number[] = [];
    for (let label = 0; label < width; label++)
      if (flags[row * width + label]! + references[row * width + label]! > 0) labels.push(label);
    const of = (count: (place: number) => number) =>
      Int32Array.from(labels, (label) => count(row * width + label));
    return {
      labels: Int32Array.from(labels),
      right: of((place) => flags[place]! * references[place]!),
      predicted: of((place) => flags[place]!),
      support: of((place) => references[place]!),
    };
  });
}
