import { problem, type Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import { Fields } from './fields.ts';
import { checkJudgeTemplate, comparesPairs } from './judge-fields.ts';
import { checkRubric } from './rubric.ts';
import { splitReference } from './splits.ts';

/** What a template of a judge must show it. */
const ANSWERS = ['answer_a', 'answer_b'];

/** Formats whose answers are written, so that one can be better than another. */
const WRITTEN = ['prompt-completion', 'chat', 'alpaca', 'sharegpt'];

/** Whether an evaluation that compares answers has a judge, and a judge something to compare. */
export function checkJudge(project: Project, fields: Fields): Problem[] {
  if (fields.document.kind !== 'evaluate') return [];
  const judge = fields.entry('judge');
  const metrics = fields.node('metrics');
  if (!judge) {
    const asked = fields.strings('metrics')?.includes('win_rate') === true && fields.isUnset('judge');
    const message =
      '`win_rate` is the share of answers that a judge prefers, and there is none. Add `judge: { model: FOLDER }` or `judge: { endpoint: … }`.';
    return asked && metrics ? [problem('tune/missing-field', metrics, message)] : [];
  }
  const found: Problem[] = [];
  const candidates = fields.node('candidates');
  if (comparesPairs(fields) && candidates?.type === 'map' && candidates.entries.length === 1)
    found.push(
      problem(
        'tune/inconsistent-settings',
        judge.key,
        'The judge says which of two answers is better, and there is one candidate. Add another, or give it a `rubric` to score answers by.',
      ),
    );
  const dataset = splitReference(project, fields.document, 'data')?.dataset;
  const format = dataset && new Fields(project, dataset).string('format');
  if (format !== undefined && format !== 'auto' && !WRITTEN.includes(format) && fields.isUnset('benchmark'))
    found.push(
      problem(
        'tune/wrong-format',
        judge.key,
        `The judge reads answers that are written, and rows of \`format: ${format}\` have none. Remove \`judge\`, or take other rows.`,
      ),
    );
  return [
    ...found,
    ...checkRubric(fields),
    ...checkJudgeTemplate(fields, 'template', ANSWERS, 'one of the answers'),
  ];
}
