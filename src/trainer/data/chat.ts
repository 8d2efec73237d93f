import { loadChatTemplate, type Message } from './chat-template.ts';
import { missingColumn } from './columns.ts';
import type { Example, LanguageModelOptions } from './example.ts';
import { dataError, quote } from './problem.ts';
import type { SourceRow } from './read.ts';
import { sharedStart } from './shared-start.ts';
import { isObject } from './tokenizer/json.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * Makes tokens of conversations: rows with a list of messages, each with `role` and `content`, and with `tools` where the
 * template shows them.
 * @throws TunebookError `data/no-chat-template`, `data/bad-chat-template`
 */
export function chatEncoder(
  column: string,
  tokenizer: Tokenizer,
  { assistant_only_loss = false, chat_template_path }: LanguageModelOptions,
): (row: SourceRow) => Example {
  const template = loadChatTemplate(tokenizer.folder, chat_template_path);
  return (row) => {
    const messages = messagesOf(row, column);
    const tools = row.values['tools'];
    try {
      if (!assistant_only_loss) {
        const ids = tokenizer.tokenize(template.render(messages, { tools }));
        return { ids, counted: [[0, ids.length]] };
      }
      const { text, turns } = template.renderTurns(messages, tools);
      const ids = tokenizer.tokenize(text);
      const tokensBefore = (characters: number) =>
        sharedStart(tokenizer.tokenize(text.slice(0, characters)), ids);
      const learnt = turns.filter(({ message }) => message['weight'] !== 0);
      return { ids, counted: learnt.map(({ from, to }) => [tokensBefore(from), tokensBefore(to)] as const) };
    } catch (cause) {
      throw notRendered(row, cause);
    }
  };
}

/** @throws TunebookError `data/missing-column`, `data/bad-messages` */
function messagesOf(row: SourceRow, column: string): Message[] {
  const value = row.values[column];
  if (value === undefined) throw missingColumn(row, 'messages', column);
  const bad = (what: string) =>
    dataError(
      'data/bad-messages',
      `Line ${row.line} of ${row.file} ${what} in the column "${column}".`,
      { file: row.file, line: row.line },
      'A conversation is a list of messages, each like {"role": "user", "content": "…"}.',
    );
  if (!Array.isArray(value)) throw bad(`has ${quote(value)}, which is no list of messages,`);
  if (value.length === 0) throw bad('has an empty conversation');
  const list: unknown[] = value;
  return list.map((message, i) => {
    if (!isObject(message) || typeof message['role'] !== 'string')
      throw bad(`has a message without a role (number ${i + 1})`);
    return { ...message, role: message['role'] };
  });
}

function notRendered({ file, line }: SourceRow, cause: unknown) {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return dataError(
    'data/bad-messages',
    `Line ${line} of ${file} cannot be made a text by the chat template: ${reason}.`,
    { file, line },
    'Correct the row, or take another template with `data: chat_template_path`.',
  );
}
