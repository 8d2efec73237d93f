import { rubricMetric } from '../../protocol/format.ts';
import { problem, type Problem } from '../problem.ts';
import type { MapNode } from '../tree.ts';
import type { Fields } from './fields.ts';
import { checkJudgeTemplate } from './judge-fields.ts';

/** A longer scale is a mistake: nobody tells its scores apart. */
const MOST_SCORES = 100;

/** Whether a judge can score answers by its rubric, and the scores have names of their own. */
export function checkRubric(fields: Fields): Problem[] {
  const rubric = fields.node('judge', 'rubric');
  const names = rubric?.type === 'map' ? rubric.entries.map(({ name }) => name) : [];
  return [
    ...names.flatMap((name) => [...checkName(fields, name), ...checkScale(fields, name)]),
    ...checkJudgeTemplate(fields, 'rubric_template', ['answer'], 'the answer that it scores'),
  ];
}

function checkName(fields: Fields, name: string): Problem[] {
  const metric = rubricMetric(name);
  const assertion = fields.entry('assertions', metric);
  if (!assertion) return [];
  const message = `\`${metric}\` is the score of \`${name}\` by the judge already. Give the assertion another name.`;
  return [problem('tune/inconsistent-settings', assertion.key, message)];
}

function checkScale(fields: Fields, name: string): Problem[] {
  const scale = fields.node('judge', 'rubric', name, 'scale');
  if (scale?.type !== 'map' || scale.entries.length === 0) return [];
  const strange = scale.entries.filter((entry) => !/^\d+$/.test(entry.name));
  if (strange.length > 0)
    return strange.map(({ name: score, key }) =>
      problem(
        'tune/out-of-range',
        key,
        `\`${score}\` is no score. Those of a scale are whole numbers from 0 on, as in \`{ 1: bad, 5: good }\`.`,
      ),
    );
  return checkLength(scale, name);
}

function checkLength(scale: MapNode, name: string): Problem[] {
  const scores = scale.entries.map((entry) => Number(entry.name));
  const length = Math.max(...scores) - Math.min(...scores) + 1;
  if (length > 1 && length <= MOST_SCORES) return [];
  const what = length === 1 ? 'one score, so every answer would have it' : `more than ${MOST_SCORES} scores`;
  return [
    problem(
      'tune/out-of-range',
      scale,
      `The scale of \`${name}\` has ${what}. Give the lowest and the highest: 1 to 5 is usual.`,
    ),
  ];
}
