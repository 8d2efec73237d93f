import type { ResolvedRun } from '../../language/resolved.ts';
import {
  metricsOf,
  PREFERENCE_METHODS,
  PROBLEM_TYPES,
  problemTypeOf,
} from '../../language/schema/formats.ts';
import { TunebookError } from '../../protocol/error.ts';
import { evalName } from './history.ts';

/**
 * Makes sure that the best checkpoint can be told, where the run asks for it: before it trains, not after.
 * @throws TunebookError `run/unknown-metric`, `run/no-evaluation`
 */
export function checkBestMetric(run: ResolvedRun): void {
  const { metric_for_best_model: name, load_best_model_at_end, save_strategy, eval_strategy } = run.train;
  const asks = [
    ...(load_best_model_at_end ? ['load_best_model_at_end: true'] : []),
    ...(run.train.early_stopping_patience === null ? [] : ['early_stopping_patience']),
    ...(save_strategy === 'best' ? ['save_strategy: best'] : []),
  ][0];
  const preference = PREFERENCE_METHODS.find((name) => run.method[name] !== undefined);
  const { format } = run.data.train.dataset;
  const problem = run.model.problem_type ?? problemTypeOf(format);
  // What rows have whose format nobody says is seen when they are read.
  const problems = problem === undefined && format === 'auto' ? PROBLEM_TYPES : [problem];
  const metrics = [
    ...new Set(problems.flatMap((each) => metricsOf(run.model.task, { preference, problem: each }))),
  ];
  const known = metrics.map(evalName);
  if (name !== null && !known.includes(evalName(name))) {
    throw new TunebookError(
      'run/unknown-metric',
      `metric_for_best_model is "${name}", which no evaluation of this task measures.`,
      {
        hint: `Set it to one of ${metrics.join(', ')}.`,
        location: { file: run.file },
      },
    );
  }
  if (asks === undefined || (run.data.eval !== undefined && eval_strategy !== 'no' && name !== null)) return;
  throw new TunebookError('run/no-evaluation', `${asks} needs evaluations to tell what is best.`, {
    hint: 'Give data: eval:, eval_strategy: epoch (or steps), and metric_for_best_model.',
    location: { file: run.file },
  });
}
