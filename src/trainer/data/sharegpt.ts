import { optionalText } from './alpaca.ts';
import type { Message } from './chat-template.ts';
import { missingColumn } from './columns.ts';
import { dataError, placeOf, quote } from './problem.ts';
import type { SourceRow } from './row.ts';
import { isObject } from './tokenizer/json.ts';

/** What `from` says, as the role that chat templates know; LLaMA-Factory's tags, and those of files for other tools. */
const ROLES: Readonly<Record<string, string>> = {
  human: 'user',
  user: 'user',
  gpt: 'assistant',
  assistant: 'assistant',
  chatgpt: 'assistant',
  bing: 'assistant',
  bard: 'assistant',
  function_call: 'assistant',
  system: 'system',
  observation: 'tool',
  tool: 'tool',
};

/**
 * A row of ShareGPT's files as messages: `conversations` is a list of turns with `from` and `value`. A `function_call` becomes a turn of
 * the assistant with `tool_calls`, an `observation` one of the role `tool`, and `tools` (a list, or its JSON) the functions that
 * the template shows.
 * @throws TunebookError `data/missing-column`, `data/bad-messages`
 */
export function shareGptConversation(
  row: SourceRow,
  columns: Readonly<Record<string, string>>,
): { messages: Message[]; tools?: unknown } {
  const column = columns['conversations'] ?? 'conversations';
  const value = row.values[column];
  if (value === undefined) throw missingColumn(row, 'conversations', column);
  if (!Array.isArray(value)) throw bad(row, column, `has ${quote(value)}, which is no list of turns,`);
  const turns: unknown[] = value;
  if (turns.length === 0) throw bad(row, column, 'has an empty conversation');
  const messages = turns.map((turn, i) => messageOf(row, column, turn, i));
  const system = optionalText(row, columns['system'] ?? 'system');
  const tools = toolsOf(row, columns['tools'] ?? 'tools');
  return {
    messages:
      system && messages[0]?.role !== 'system'
        ? [{ role: 'system', content: system }, ...messages]
        : messages,
    ...(tools && { tools }),
  };
}

function messageOf(row: SourceRow, column: string, turn: unknown, index: number): Message {
  const { from, value, weight }: Record<string, unknown> = isObject(turn) ? turn : {};
  if (typeof from !== 'string' || typeof value !== 'string')
    throw bad(row, column, `has a turn without \`from\` or \`value\` (number ${index + 1})`);
  const role = Object.hasOwn(ROLES, from.toLowerCase()) ? ROLES[from.toLowerCase()] : undefined;
  if (role === undefined)
    throw bad(
      row,
      column,
      `has a turn from ${quote(from)} (number ${index + 1}), and nobody is called that,`,
    );
  const more = weight === undefined ? {} : { weight };
  if (from.toLowerCase() !== 'function_call') return { role, content: value, ...more };
  const calls = parse(value);
  const list: unknown[] = Array.isArray(calls) ? calls : [calls];
  if (!list.every((call) => isObject(call) && typeof call['name'] === 'string'))
    throw bad(row, column, `has a function call that is no JSON with a name (number ${index + 1})`);
  const tool_calls = list.map((call) => ({ type: 'function', function: call }));
  return { role, content: '', tool_calls, ...more };
}

function toolsOf(row: SourceRow, column: string): unknown[] | undefined {
  const value = row.values[column];
  if (value === undefined || value === null || value === '') return undefined;
  const tools = typeof value === 'string' ? parse(value) : value;
  if (!Array.isArray(tools)) throw bad(row, column, `has ${quote(value)}, which is no list of functions,`);
  if (tools.length === 0) return undefined;
  const list: unknown[] = tools;
  return list.map((tool) =>
    isObject(tool) && !('function' in tool) ? { type: 'function', function: tool } : tool,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function bad({ file, line }: SourceRow, column: string, what: string) {
  return dataError(
    'data/bad-messages',
    `${placeOf({ file, line })} ${what} in the column "${column}".`,
    { file, line },
    'A conversation is a list of turns like {"from": "human", "value": "…"}; `from` is human, gpt, system, function_call or observation.',
  );
}
