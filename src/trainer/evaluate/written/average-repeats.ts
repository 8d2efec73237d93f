import type { CandidateOutput, EvaluationResult } from '../../../protocol/evaluation.ts';
import { valueOfAll } from '../statistics/additive.ts';
import { spreadOf } from '../statistics/spread.ts';
import type { MeasuredMetric } from '../summarise-measurements.ts';
import type { CandidateOutputs } from './answer.ts';

/**
 * The answers of each repeat, those of the candidates first that do not vary. A loss belongs to the reference and not to an answer: it is
 * that of the first repeat.
 */
export function roundsOf(candidates: readonly CandidateOutputs[]): CandidateOutputs[][] {
  const count = Math.max(1, ...candidates.map(({ again = [] }) => 1 + again.length));
  return Array.from({ length: count }, (_, repeat) =>
    candidates.map(({ name, outputs, again }) => {
      const own = repeat === 0 ? outputs : (again?.[repeat - 1] ?? outputs);
      return { name, outputs: own.map((output, row) => withLossOf(output, outputs[row])) };
    }),
  );
}

function withLossOf(output: CandidateOutput, first: CandidateOutput | undefined): CandidateOutput {
  return first?.loss && !output.loss ? { ...output, loss: first.loss } : output;
}

/**
 * The same metrics with the mean over repeats in place of each row's numbers: rows are drawn from the world, and repeats from the rows, so
 * an interval goes by rows, however often each was answered.
 * @param rounds the metrics of each repeat
 */
export function averageOverRepeats(rounds: readonly (readonly MeasuredMetric[])[]): MeasuredMetric[] {
  const [first = []] = rounds;
  if (rounds.length < 2) return [...first];
  return first.map((metric, m) => ({
    ...metric,
    numbers: metric.numbers.map((numbers, candidate) =>
      numbers.map((_, i) => {
        const sum = rounds.reduce((all, round) => all + (round[m]?.numbers[candidate]?.[i] ?? NaN), 0);
        return sum / rounds.length;
      }),
    ),
  }));
}

/** A result that says of each candidate that varies how far the values of its repeats lie apart. */
export function withSpread(
  result: EvaluationResult,
  candidates: readonly CandidateOutputs[],
  rounds: readonly (readonly MeasuredMetric[])[],
): EvaluationResult {
  if (rounds.length < 2) return result;
  const estimates = { ...result.candidates };
  candidates.forEach(({ name, again }, c) => {
    if (!again || again.length === 0) return;
    const own = { ...estimates[name] };
    (rounds[0] ?? []).forEach(({ name: metric, statistic }, m) => {
      const values = rounds.map((round) => valueOfAll(statistic, round[m]?.numbers[c] ?? new Float64Array()));
      const estimate = own[metric];
      if (estimate && values.every(Number.isFinite)) own[metric] = { ...estimate, repeats: spreadOf(values) };
    });
    estimates[name] = own;
  });
  return { ...result, candidates: estimates };
}
