import { setFix } from '../edit.ts';
import { rootMap } from '../node.ts';
import { problem, removeFix, type Problem } from '../problem.ts';
import type { Fields } from './fields.ts';

/** A method that cannot go with the task: answers can be told apart only by a model that writes them. */
export function checkMethod(fields: Fields): Problem[] {
  const entry = fields.entry('method', 'dpo');
  const task = fields.string('model', 'task');
  if (!entry || task === undefined || task === 'text-generation') return [];
  const message = `\`dpo\` teaches a model which answers are better, but the task is \`${task}\`. Set \`task: text-generation\`, or remove \`dpo\`.`;
  return [
    problem('tune/inconsistent-settings', entry.key, message, [
      setFix('Set task: text-generation', rootMap(fields.document), ['model', 'task'], 'text-generation'),
      removeFix('Remove dpo', entry),
    ]),
  ];
}
