import { TunebookError } from '../../protocol/error.ts';
import { loadChatTemplate, type ChatTemplate, type Message } from '../data/chat-template.ts';
import type { CausalModel } from './causal-model.ts';

/** What a model is asked: a text to go on with, a message of a user, or a conversation. */
export type Prompt =
  | { readonly text: string }
  | { readonly user: string }
  | { readonly messages: readonly Message[]; readonly tools?: unknown };

/** The chat template of a model, or undefined where it has none. */
export function chatTemplateOf({
  folder,
  tokenizer,
}: Pick<CausalModel, 'folder' | 'tokenizer'>): ChatTemplate | undefined {
  for (const place of new Set([folder, tokenizer.folder])) {
    try {
      return loadChatTemplate(place);
    } catch (error) {
      if (!(error instanceof TunebookError) || error.code !== 'data/no-chat-template') throw error;
    }
  }
  return undefined;
}

/**
 * The tokens of a prompt. A conversation goes through the chat template, which writes its own special tokens; so does the message of a
 * user where there is a template, and where there is none it is a text. A text gets the special tokens that the tokenizer puts before one.
 * @returns at least one token
 * @throws TunebookError `data/no-chat-template`, `data/bad-chat-template`, `data/bad-messages`
 */
export function promptTokens(model: Pick<CausalModel, 'folder' | 'tokenizer'>, prompt: Prompt): number[] {
  const { tokenizer } = model;
  if ('text' in prompt) return textTokens(model, prompt.text);
  const template = chatTemplateOf(model);
  if (!template && 'user' in prompt) return textTokens(model, prompt.user);
  // Where there is none this throws the error that says so.
  const chat = template ?? loadChatTemplate(tokenizer.folder);
  const messages = 'user' in prompt ? [{ role: 'user', content: prompt.user }] : prompt.messages;
  const tools = 'tools' in prompt ? prompt.tools : undefined;
  return tokenizer.tokenize(renderPrompt(chat, messages, { tools, add_generation_prompt: true }));
}

/**
 * The text of a conversation that a model is asked.
 * @throws TunebookError `data/bad-messages` where the template does not take it: Gemma's knows no system
 */
export function renderPrompt(
  template: ChatTemplate,
  messages: readonly Message[],
  options: Parameters<ChatTemplate['render']>[1],
): string {
  try {
    return template.render(messages, options);
  } catch (cause) {
    const reason = (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '');
    const hasSystem = messages.some(({ role }) => role === 'system');
    throw new TunebookError(
      'data/bad-messages',
      `The chat template of the model does not take this conversation (${messages.map(({ role }) => role).join(', ')}): ${reason}.`,
      {
        cause,
        hint: hasSystem
          ? 'Put what the system says into the message of the user, or take a model whose template has a system.'
          : 'Change the order of the messages, or take a model with another template.',
        location: { file: template.place },
      },
    );
  }
}

/** The tokens of a text that is gone on with: what the tokenizer puts before a text stands there, and nothing behind. At least one. */
export function textTokens({ tokenizer }: Pick<CausalModel, 'tokenizer'>, text: string): number[] {
  const before = tokenizer.specialTokensBefore;
  const ids = tokenizer.addSpecialTokens(tokenizer.tokenize(text)).input_ids;
  // What the tokenizer puts behind a text would end it.
  const kept = ids.slice(0, ids.length - (tokenizer.specialTokensPerText - before));
  if (kept.length > 0) return kept;
  const { bos, eos } = tokenizer.specialTokens;
  const start = bos ?? eos;
  if (start !== undefined) return [start];
  throw new TunebookError(
    'generate/empty-prompt',
    'The prompt is empty, and the tokenizer has no token to start a text with.',
    {
      hint: 'Give the model something to go on from.',
    },
  );
}
