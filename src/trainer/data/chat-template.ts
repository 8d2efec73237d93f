import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Template } from '@huggingface/jinja';
import { TunebookError } from '../../protocol/error.ts';
import { badTemplate } from './template-fault.ts';
import { isObject, readJsonObject } from './tokenizer/json.ts';
import { tokenText } from './tokenizer/vocabTxt.ts';

/** One message of a conversation, with whatever else a template may look at (`tool_calls`, `name`, …). */
export interface Message {
  readonly role: string;
  readonly [field: string]: unknown;
}

/** A conversation as one text, and where in it the assistant speaks. */
export interface Conversation {
  readonly text: string;
  /** Of each turn of the assistant, in order: its message and the characters that it wrote, from and up to. */
  readonly turns: readonly { readonly message: Message; readonly from: number; readonly to: number }[];
}

const [START, END] = ['\uE000', '\uE001'];

/** Renders conversations as transformers' `apply_chat_template` does. */
export class ChatTemplate {
  readonly #plain: Template;
  /** The template with marks around what the assistant writes, where it says so with `{% generation %}`. */
  readonly #marked: Template | undefined;
  readonly #tokens: Readonly<Record<string, string>>;
  /** Its Jinja text. */
  readonly source: string;
  /** The file that it stands in. */
  readonly place: string;

  /** @param tokens special tokens by name: `bos_token`, `eos_token`, … */
  constructor(source: string, tokens: Readonly<Record<string, string>>, place = '') {
    this.source = source;
    this.place = place;
    this.#plain = new Template(source);
    this.#marked = /{%-?\s*generation\s*-?%}/.test(source) ? new Template(markGeneration(source)) : undefined;
    this.#tokens = tokens;
  }

  /** Whether it says itself what the assistant writes, with `{% generation %}`. */
  get marksTurns(): boolean {
    return this.#marked !== undefined;
  }

  /** @throws Error what the template raises, such as roles in an order it does not take */
  render(
    messages: readonly Message[],
    options: { tools?: unknown; add_generation_prompt?: boolean } = {},
  ): string {
    return this.#run(this.#plain, messages, options);
  }

  /**
   * Renders a conversation and finds the assistant's turns in it: by the template's own marks, or else by what each turn adds to
   * the text before it.
   * @throws Error what the template raises, or that the turns cannot be told apart
   */
  renderTurns(messages: readonly Message[], tools?: unknown): Conversation {
    const text = this.render(messages, { tools });
    const spoken = messages.filter(({ role }) => role === 'assistant');
    const marks = this.#marked && spansOf(this.#run(this.#marked, messages, { tools }));
    if (marks && marks.text === text && marks.spans.length === spoken.length)
      return { text, turns: marks.spans.map((span, i) => ({ ...span, message: spoken[i]! })) };
    return { text, turns: this.#turnsByPrefix(messages, text, tools) };
  }

  #turnsByPrefix(messages: readonly Message[], text: string, tools: unknown): Conversation['turns'] {
    return messages.flatMap((message, i) => {
      if (message.role !== 'assistant') return [];
      const before = this.render(messages.slice(0, i), { tools, add_generation_prompt: true });
      const after = this.render(messages.slice(0, i + 1), { tools });
      if (!text.startsWith(before) || !text.startsWith(after) || after.length < before.length) {
        throw new Error(
          'the text of a conversation does not begin with that of its first messages, so what the assistant says cannot be told from the rest; mark it with {% generation %} in the template',
        );
      }
      return [{ message, from: before.length, to: after.length }];
    });
  }

  #run(
    template: Template,
    messages: readonly Message[],
    { tools, add_generation_prompt = false }: { tools?: unknown; add_generation_prompt?: boolean },
  ): string {
    return template.render({
      ...this.#tokens,
      messages: messages.map((message) => ({ ...message })),
      add_generation_prompt,
      tools: tools ?? null,
    });
  }
}

/**
 * Loads the chat template of a model folder: `chat_template.jinja`, or `chat_template` of tokenizer_config.json.
 * @param file a template to take instead, or a tokenizer_config.json that has one
 * @param fallback the source of the one that is taken where the folder has none
 * @throws TunebookError `data/no-chat-template`, `data/bad-chat-template`
 */
export function loadChatTemplate(folder: string, file?: string, fallback?: string): ChatTemplate {
  const settings = path.join(folder, 'tokenizer_config.json');
  const config = readJsonObject(settings) ?? {};
  const own = path.join(folder, 'chat_template.jinja');
  const given = file ?? (existsSync(own) ? own : undefined);
  const place = given ?? settings;
  const source = given === undefined ? (templateIn(config['chat_template']) ?? fallback) : readSource(given);
  if (source === undefined) {
    throw new TunebookError(
      'data/no-chat-template',
      `${file ?? folder} has no chat template, so conversations cannot be made texts.`,
      {
        location: { file: file ?? folder },
        hint: 'Take the instruction-tuned sibling of the model, or give a template file in `data: chat_template_path`.',
      },
    );
  }
  const tokens = Object.entries(config).flatMap(([name, value]) => {
    const text = name.endsWith('_token') ? tokenText(value) : undefined;
    return text === undefined ? [] : [[name, text] as const];
  });
  try {
    return new ChatTemplate(source, Object.fromEntries(tokens), place);
  } catch (cause) {
    throw badTemplate(source, place, cause);
  }
}

/** The template in a file: the whole of it, or what a tokenizer_config.json has. */
function readSource(file: string): string | undefined {
  if (file.endsWith('.json')) return templateIn((readJsonObject(file) ?? {})['chat_template']);
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new TunebookError('data/no-chat-template', `There is no chat template ${file}.`, {
      cause,
      location: { file },
      hint: 'Correct `data: chat_template_path`.',
    });
  }
}

/** A text, or of several named templates the default one. */
function templateIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  const named: unknown[] = value;
  const found = named.find((each) => isObject(each) && each['name'] === 'default');
  return isObject(found) && typeof found['template'] === 'string' ? found['template'] : undefined;
}

/**
 * Puts marks where `{% generation %}` begins and ends. The tags become an `if` that trims what they would have trimmed
 * (transformers renders with `trim_blocks` and `lstrip_blocks`).
 */
function markGeneration(source: string): string {
  return source
    .replace(/{%(-?)\s*generation\s*-%}\s*/g, `{%$1 if true %}{{ '${START}' }}`)
    .replace(/{%(-?)\s*generation\s*%}\n?/g, `{%$1 if true %}{{ '${START}' }}`)
    .replace(/\s*{%-\s*endgeneration\s*(-?)%}/g, `{{ '${END}' }}{% endif $1%}`)
    .replace(/(^|\n)[ \t]*{%\s*endgeneration\s*(-?)%}/g, `$1{{ '${END}' }}{% endif $2%}`)
    .replace(/{%\s*endgeneration\s*(-?)%}/g, `{{ '${END}' }}{% endif $1%}`);
}

function spansOf(marked: string): { text: string; spans: { from: number; to: number }[] } {
  let text = '';
  const spans: { from: number; to: number }[] = [];
  for (const piece of marked.split(/([\uE000\uE001])/)) {
    if (piece === START) spans.push({ from: text.length, to: text.length });
    else if (piece === END) spans.at(-1)!.to = text.length;
    else text += piece;
  }
  return { text, spans };
}
