import { loadChatTemplate, type ChatTemplate } from './chat-template.ts';
import type { RowConversation } from './conversation.ts';
import type { Example, LanguageModelOptions } from './example.ts';
import { dataError, placeOf } from './problem.ts';
import type { SourceRow } from './read.ts';
import { sharedStart } from './shared-start.ts';
import type { Tokenizer } from './tokenizer.ts';

/**
 * Makes tokens of conversations: a list of messages, each with `role` and `content`, and `tools` where the template shows them.
 * @param read makes a conversation of a row
 * @param fallbackTemplate what is rendered with where neither the run nor the tokenizer has a template
 * @returns what does it, and the template that it renders with
 * @throws TunebookError `data/no-chat-template`, `data/bad-chat-template`
 */
export function chatEncoder(
  read: (row: SourceRow) => RowConversation,
  tokenizer: Tokenizer,
  { assistant_only_loss = false, chat_template_path }: LanguageModelOptions,
  fallbackTemplate?: string,
): { encode: (row: SourceRow) => Example; template: ChatTemplate } {
  const template = loadChatTemplate(tokenizer.folder, chat_template_path, fallbackTemplate);
  const encode = (row: SourceRow): Example => {
    const { messages, tools } = read(row);
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
  return { encode, template };
}

/** A conversation that the chat template does not take. */
export function notRendered({ file, line }: SourceRow, cause: unknown) {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return dataError(
    'data/bad-messages',
    `${placeOf({ file, line })} cannot be made a text by the chat template: ${reason.replace(/\.$/, '')}.`,
    { file, line },
    'Correct the row, or take another template with `data: chat_template_path`.',
  );
}
