import { findColumn, PREFERENCE } from '../../language/schema/formats.ts';
import type { TunebookError } from '../../protocol/error.ts';
import { isListOfObjects, wrongColumnType } from './column-type.ts';
import type { Message } from './chat-template.ts';
import { missingColumn } from './columns.ts';
import { dataError, placeOf, quote } from './problem.ts';
import type { SourceRow } from './row.ts';
import { isObject } from './tokenizer/json.ts';

/** A prompt with a better and a worse answer: texts, or messages that a chat template makes texts of. */
export type Preference =
  | { readonly kind: 'text'; readonly prompt: string; readonly chosen: string; readonly rejected: string }
  | {
      readonly kind: 'chat';
      readonly prompt: readonly Message[];
      readonly chosen: readonly Message[];
      readonly rejected: readonly Message[];
      readonly tools?: unknown;
    };

/**
 * Reads a pair of answers, whatever shape the row has: TRL's (`prompt`, `chosen`, `rejected` as texts or messages; without a
 * `prompt`, or with one that the answers repeat, it is what both begin with), OpenAI's (`input`, `preferred_output`,
 * `non_preferred_output`), and LLaMA-Factory's (`conversations` or `instruction` with `input`, `system` and `history`).
 * @param columns the column of each role, where the data set names one
 * @throws TunebookError `data/missing-column`, `data/bad-preference`
 */
export function readPreference(row: SourceRow, columns: Readonly<Record<string, string>>): Preference {
  const present = Object.keys(row.values);
  const columnOf = (role: 'prompt' | 'chosen' | 'rejected') =>
    findColumn(PREFERENCE, role, columns[role] ?? role, present);
  const answer = (role: 'chosen' | 'rejected') => {
    const column = columnOf(role);
    if (column === undefined) throw missingColumn(row, role, columns[role] ?? role);
    return contentOf(row, column);
  };
  const [chosen, rejected] = [answer('chosen'), answer('rejected')];
  const column = columnOf('prompt');
  const given = column === undefined ? undefined : promptOf(row, column);
  const tools = row.values['tools'] ?? toolsOf(row, column);
  if (typeof chosen === 'string' && typeof rejected === 'string' && !Array.isArray(given)) {
    if (given !== undefined) return { kind: 'text', prompt: given, chosen, rejected };
    const from = sharedText(chosen, rejected);
    return {
      kind: 'text',
      prompt: chosen.slice(0, from),
      chosen: chosen.slice(from),
      rejected: rejected.slice(from),
    };
  }
  const [better, worse] = [messages(chosen), messages(rejected)];
  // Some data sets repeat the prompt as a text beside whole conversations.
  const whole = given === undefined || (typeof given === 'string' && better[0]?.role !== 'assistant');
  const from = whole ? sharedMessages(better, worse) : 0;
  const prompt = whole ? better.slice(0, from) : typeof given === 'string' ? [said('user', given)] : given;
  const pair = { prompt, chosen: better.slice(from), rejected: worse.slice(from) };
  return { kind: 'chat', ...pair, ...(tools === undefined ? {} : { tools }) };
}

function messages(content: string | Message[]): Message[] {
  return typeof content === 'string' ? [said('assistant', content)] : content;
}

function said(role: string, content: string): Message {
  return { role, content };
}

/** What stands in the column of the prompt; of LLaMA-Factory's Alpaca files several columns together. */
function promptOf(row: SourceRow, column: string): string | Message[] {
  const { values } = row;
  const value = values[column];
  if (column === 'input' && isObject(value)) return listOf(row, column, value['messages']);
  const system =
    typeof values['system'] === 'string' && values['system'] !== '' ? [said('system', values['system'])] : [];
  if (column === 'instruction' && typeof value === 'string') {
    const parts = [value, values['input'], values['query']].filter(
      (part) => typeof part === 'string' && part !== '',
    );
    return [...system, ...historyOf(row), said('user', parts.join('\n'))];
  }
  const content = contentOf(row, column);
  return typeof content === 'string' ? content : [...system, ...content];
}

function toolsOf({ values }: SourceRow, column: string | undefined): unknown {
  const value = column === undefined ? undefined : values[column];
  return isObject(value) ? value['tools'] : undefined;
}

/** Earlier turns of an Alpaca row: pairs of what was asked and answered. */
function historyOf({ values }: SourceRow): Message[] {
  const history: unknown[] = Array.isArray(values['history']) ? values['history'] : [];
  return history.flatMap((turn) => {
    const pair: unknown[] = Array.isArray(turn) ? turn : [];
    const [asked, answered] = pair;
    return [said('user', String(asked)), said('assistant', String(answered))];
  });
}

/** A text, a message, or a list of messages. */
function contentOf(row: SourceRow, column: string): string | Message[] {
  const value = row.values[column];
  if (typeof value === 'string' && value !== '') return value;
  if (isObject(value)) return [messageOf(row, column, value)];
  return listOf(row, column, value);
}

function listOf(row: SourceRow, column: string, value: unknown): Message[] {
  const wanted = { code: 'data/bad-preference', wanted: 'texts or lists of messages' };
  const wrong = isListOfObjects(value) ? undefined : wrongColumnType(row, column, value, wanted);
  if (wrong) throw wrong;
  if (!Array.isArray(value) || value.length === 0) throw bad(row, column, `has ${quote(value)}`);
  const list: unknown[] = value;
  return list.map((each) => messageOf(row, column, each));
}

/** ShareGPT's names of roles, and those that chat templates know. */
const ROLES: Readonly<Record<string, string>> = {
  human: 'user',
  gpt: 'assistant',
  observation: 'tool',
  function_call: 'assistant',
};

function messageOf(row: SourceRow, column: string, value: unknown): Message {
  if (isObject(value) && typeof value['role'] === 'string')
    return { ...value, role: value['role'], content: textIn(value['content']) };
  if (isObject(value) && typeof value['from'] === 'string' && typeof value['value'] === 'string')
    return said(ROLES[value['from']] ?? value['from'], value['value']);
  throw bad(row, column, `has ${quote(value)}, which is no message,`);
}

/** The content of a message; LLaMA-Factory's newer files have a list of its parts. */
function textIn(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  const parts: unknown[] = content;
  const texts = parts.map((part) =>
    isObject(part) && part['type'] === 'text' ? (part['text'] ?? part['value']) : undefined,
  );
  return texts.every((text) => typeof text === 'string') ? texts.join('') : content;
}

/** Where two answers part, as TRL's `extract_prompt` has it: a space before that place belongs to the answers. */
function sharedText(chosen: string, rejected: string): number {
  const most = Math.min(chosen.length, rejected.length);
  let shared = 0;
  while (shared < most && chosen[shared] === rejected[shared]) shared++;
  // TRL stops before the last character where one begins with the whole other, so that each has an answer.
  if (shared === most) return Math.max(0, most - 1);
  return shared > 0 && chosen[shared - 1] === ' ' ? shared - 1 : shared;
}

function sharedMessages(chosen: readonly Message[], rejected: readonly Message[]): number {
  const most = Math.min(chosen.length, rejected.length) - 1;
  let shared = 0;
  while (shared < most && JSON.stringify(chosen[shared]) === JSON.stringify(rejected[shared])) shared++;
  return shared;
}

function bad({ file, line }: SourceRow, column: string, what: string): TunebookError {
  return dataError(
    'data/bad-preference',
    `${placeOf({ file, line })} ${what} in the column "${column}"; an answer is a text or a list of messages.`,
    { file, line },
    'Write a text, or messages like {"role": "assistant", "content": "…"}.',
  );
}
