import { isListOfObjects, wrongColumnType } from './column-type.ts';
import { alpacaConversation } from './alpaca.ts';
import type { Message } from './chat-template.ts';
import { missingColumn } from './columns.ts';
import { dataError, placeOf, quote } from './problem.ts';
import type { SourceRow } from './row.ts';
import { shareGptConversation } from './sharegpt.ts';
import { isObject } from './tokenizer/json.ts';

/** A row as a chat template takes it. */
export interface RowConversation {
  readonly messages: readonly Message[];
  /** What the template shows as the tools that may be called; a list of functions, usually. */
  readonly tools?: unknown;
}

/** Reads rows of a format that are conversations, in the shape of OpenAI's messages; `undefined` for any other format. */
export function conversationReader({
  format,
  columns,
}: {
  format: string;
  columns: Readonly<Record<string, string>>;
}): ((row: SourceRow) => RowConversation) | undefined {
  switch (format) {
    case 'chat':
      return (row) => ({
        messages: messagesOf(row, columns['messages'] ?? 'messages'),
        tools: row.values['tools'],
      });
    case 'alpaca':
      return (row) => alpacaConversation(row, columns);
    case 'sharegpt':
      return (row) => shareGptConversation(row, columns);
    default:
      return undefined;
  }
}

/** @throws TunebookError `data/missing-column`, `data/bad-messages` */
export function messagesOf(row: SourceRow, column: string): Message[] {
  const value = row.values[column];
  if (value === undefined) throw missingColumn(row, 'messages', column);
  const bad = (what: string) =>
    dataError(
      'data/bad-messages',
      `${placeOf(row)} ${what} in the column "${column}".`,
      { file: row.file, line: row.line },
      'A conversation is a list of messages, each like {"role": "user", "content": "…"}.',
    );
  const wanted = { code: 'data/bad-messages', wanted: 'lists of messages' };
  const wrong = isListOfObjects(value) ? undefined : wrongColumnType(row, column, value, wanted);
  if (wrong) throw wrong;
  if (!Array.isArray(value)) throw bad(`has ${quote(value)}, which is no list of messages,`);
  if (value.length === 0) throw bad('has an empty conversation');
  const list: unknown[] = value;
  return list.map((message, i) => {
    if (!isObject(message) || typeof message['role'] !== 'string')
      throw bad(`has a message without a role (number ${i + 1})`);
    return { ...message, role: message['role'] };
  });
}
