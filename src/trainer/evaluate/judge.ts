import type { ResolvedObjective, Threshold } from '../../language/resolved.ts';
import type { EvaluationResult, ObjectiveCheck, ObjectiveVerdict } from '../../protocol/evaluation.ts';

const HOLDS: Record<Threshold['comparison'], (value: number, bound: number) => boolean> = {
  '>=': (value, bound) => value >= bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '<': (value, bound) => value < bound,
};

/**
 * Judges objectives by the numbers of a result: the candidate that an objective names must meet all of them, or any candidate where it
 * names none. A metric that was not measured is not met.
 */
export function judge(result: EvaluationResult, objectives: readonly ResolvedObjective[]): EvaluationResult {
  if (objectives.length === 0) return result;
  return { ...result, objectives: objectives.map((objective) => judgeOne(result, objective)) };
}

function judgeOne(
  { candidates }: EvaluationResult,
  { name, candidate, accept }: ResolvedObjective,
): ObjectiveVerdict {
  const asked = candidate === undefined ? Object.keys(candidates) : [candidate];
  const tried = asked.map((each) => {
    const checks = Object.entries(accept).map(([metric, { comparison, value: bound }]): ObjectiveCheck => {
      const value = candidates[each]?.[metric]?.value ?? null;
      return { metric, comparison, bound, value, met: value !== null && HOLDS[comparison](value, bound) };
    });
    return { candidate: each, checks, unmet: checks.filter(({ met }) => !met).length };
  });
  // Where none meets it, the one that comes nearest is told of.
  const best = tried.reduce((a, b) => (b.unmet < a.unmet ? b : a));
  return { name, candidate: best.candidate, met: best.unmet === 0, checks: best.checks };
}

/** An objective's verdict in a line: `objective ship-it is not met by tuned: accuracy 0.83 is not >= 0.9`. */
export function describeObjective({ name, candidate, met, checks }: ObjectiveVerdict): string {
  if (met) return `objective ${name} is met by ${candidate}`;
  const lacks = checks
    .filter((check) => !check.met)
    .map(({ metric, value, comparison, bound }) =>
      value === null
        ? `${metric} was not measured`
        : `${metric} ${Number(value.toPrecision(4))} is not ${comparison} ${bound}`,
    );
  return `objective ${name} is not met by ${candidate}: ${lacks.join(', ')}`;
}
