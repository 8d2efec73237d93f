import type { ResolvedObjective } from '../../language/resolved.ts';
import { TunebookError } from '../../protocol/error.ts';
import type { EvaluationResult } from '../../protocol/evaluation.ts';
import type { ObjectiveDescription } from '../../protocol/notebook.ts';
import { listRuns, newestFinished } from '../../runs/list.ts';
import { readResult } from '../../runs/read-result.ts';
import { judge } from '../evaluate/judge.ts';

/**
 * Judges an objective by the newest finished evaluation that measures it.
 * @param workspace the folder whose evaluations are meant
 * @throws TunebookError `objective/not-measured` where there is none, `objective/no-result` where its result cannot be read
 */
export function tellObjective(objective: ResolvedObjective, workspace: string): ObjectiveDescription {
  const { name, evaluate, file } = objective;
  const found = newestFinished(listRuns(workspace), evaluate.name, 'evaluate');
  if (!found)
    throw new TunebookError(
      'objective/not-measured',
      `The objective ${name} is not judged yet: no evaluation ${evaluate.name} has finished here.`,
      { hint: `Carry it out first: tunebook evaluate ${evaluate.file} ${evaluate.name}`, location: { file } },
    );
  const result = readResult(found.dir);
  if (result === undefined)
    throw new TunebookError('objective/no-result', `The result of ${found.id} cannot be read.`, {
      hint: 'Carry the evaluation out again.',
      location: { file: found.dir },
    });
  // SAFETY: what a finished evaluation has written.
  const [verdict] = judge(result as EvaluationResult, [objective]).objectives ?? [];
  if (!verdict) throw new Error(`${name} was not judged`);
  return { name, evaluation: evaluate.name, run: found.id, verdict };
}
