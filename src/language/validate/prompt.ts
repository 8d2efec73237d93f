import { entryOf, scalarAt } from '../node.ts';
import { problem, type Problem } from '../problem.ts';
import type { Node } from '../tree.ts';
import type { Fields } from './fields.ts';

/** What is wrong with the messages of a prompt, and with candidates that cannot be asked without one. */
export function checkPrompting(fields: Fields): Problem[] {
  const { kind } = fields.document;
  if (kind === 'prompt') return checkMessages(fields.node('messages'));
  return kind === 'evaluate' ? checkEndpoints(fields) : [];
}

/** What every message has. */
const FIELDS = ['role', 'content'];

function checkMessages(messages: Node | undefined): Problem[] {
  if (messages?.type !== 'seq') return [];
  const lacking = messages.items.flatMap((message) => {
    // A misspelt field may stand for the one that lacks.
    if (message.type !== 'map' || message.entries.some(({ name }) => !FIELDS.includes(name))) return [];
    return FIELDS.filter((name) => !entryOf(message, name)).map((name) =>
      problem('tune/missing-field', message, `The message lacks \`${name}\`. Add it.`),
    );
  });
  const last = messages.items.at(-1);
  const role = scalarAt(last, 'role');
  if (lacking.length > 0 || role?.value !== 'assistant') return lacking;
  const text =
    'The conversation ends with what the assistant says, so nothing is left to answer. End it with a message of the user.';
  return [problem('tune/inconsistent-settings', role, text)];
}

function checkEndpoints(fields: Fields): Problem[] {
  const candidates = fields.node('candidates');
  if (candidates?.type !== 'map') return [];
  return candidates.entries.flatMap((candidate) => {
    const isAsked = !fields.isUnset('candidates', candidate.name, 'prompt');
    if (!fields.entry('candidates', candidate.name, 'endpoint') || isAsked) return [];
    const message = `\`${candidate.name}\` is asked over the network, and nothing says what. Add \`prompt: NAME\`, and a \`prompt:\` document of that name.`;
    return [problem('tune/missing-field', candidate.key, message)];
  });
}
