import { problem, type Problem } from '../problem.ts';
import type { Fields } from './fields.ts';

/** Whether the judge says of each two answers which is better: one with a rubric only where that is asked for. */
export function comparesPairs(fields: Fields): boolean {
  return (
    fields.entry('judge', 'rubric') === undefined || fields.strings('metrics')?.includes('win_rate') === true
  );
}

/**
 * Whether a template shows the judge what it judges.
 * @param unseen what it does not see otherwise, as the end of a sentence
 */
export function checkJudgeTemplate(
  fields: Fields,
  field: 'template' | 'rubric_template',
  slots: readonly string[],
  unseen: string,
): Problem[] {
  const node = fields.node('judge', field);
  const text = fields.string('judge', field);
  const lacking = slots.find((slot) => text !== undefined && !new RegExp(`\\b${slot}\\b`).test(text));
  if (!node || lacking === undefined) return [];
  const message = `The judge does not see ${unseen}: the template lacks {{ ${lacking} }}.`;
  return [problem('tune/missing-field', node, message)];
}
