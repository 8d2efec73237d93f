import type { Tokenizer } from '../../data/tokenizer.ts';
import { loadChatTemplate } from '../../data/chat-template.ts';
import { ended } from '../../data/end-of-sequence.ts';
import { sharedStart } from '../../data/shared-start.ts';
import type { CausalModel } from '../../generate/causal-model.ts';
import {
  chatTemplateOf,
  promptTokens,
  renderPrompt,
  textTokens,
  type Prompt,
} from '../../generate/prompt-tokens.ts';
import { joinAnswer } from './prompt-writer.ts';

/** A prompt and an answer as tokens. */
export interface EncodedAnswer {
  /** At least one token. */
  readonly context: readonly number[];
  readonly answer: readonly number[];
  /** Whether the last token of the answer is the one that ends a text. */
  readonly ends: boolean;
}

type Reader = Pick<CausalModel, 'folder' | 'tokenizer'>;

/**
 * The tokens of an expected answer behind its prompt, as they are trained on: with the end-of-sequence token behind a text, and of a chat
 * what the template writes for the assistant's turn.
 * @param joins whether a space belongs between a text and its answer (a `prompt:` says the text); else the one simply goes on with the other
 */
export function encodeAnswer(model: Reader, prompt: Prompt, answer: string, joins: boolean): EncodedAnswer {
  const context = promptTokens(model, prompt);
  if ('text' in prompt) {
    const whole = textTokens(model, joins ? joinAnswer(prompt.text, answer) : prompt.text + answer);
    return split(context, whole, model.tokenizer.specialTokens.eos);
  }
  const template = chatTemplateOf(model) ?? loadChatTemplate(model.tokenizer.folder);
  const messages = 'messages' in prompt ? prompt.messages : [{ role: 'user', content: prompt.user }];
  const tools = 'tools' in prompt ? prompt.tools : undefined;
  const text = renderPrompt(template, [...messages, { role: 'assistant', content: answer }], { tools });
  return split(context, model.tokenizer.tokenize(text), undefined);
}

/** The tokens of a whole text; its first one, which nothing foresees, is the context. */
export function encodeWhole(tokenizer: Tokenizer, text: string): EncodedAnswer {
  const { eos } = tokenizer.specialTokens;
  const [first, ...rest] = tokenizer.addSpecialTokens(tokenizer.tokenize(text)).input_ids;
  const ends = eos !== undefined && rest.at(-1) !== eos;
  return {
    context: first === undefined ? [] : [first],
    answer: ends ? [...rest, eos] : rest,
    ends: rest.at(-1) === eos || ends,
  };
}

/**
 * The tokens of a label behind its prompt, as lm-evaluation-harness's `_encode_pair`: spaces at the end of the prompt belong to the label,
 * and the label's tokens are those that the whole has more than the prompt.
 * @param delimiter what stands between a text and the label; a space where nothing is said and the text does not end with one
 */
export function encodeLabel(model: Reader, prompt: Prompt, label: string, delimiter?: string): EncodedAnswer {
  if (!('text' in prompt)) {
    const template = chatTemplateOf(model) ?? loadChatTemplate(model.tokenizer.folder);
    const messages = 'messages' in prompt ? prompt.messages : [{ role: 'user', content: prompt.user }];
    const text = renderPrompt(template, messages, { add_generation_prompt: true });
    const before = model.tokenizer.tokenize(text);
    return {
      context: before,
      answer: model.tokenizer.tokenize(text + label).slice(before.length),
      ends: false,
    };
  }
  const kept = prompt.text.trimEnd();
  const before = textTokens(model, kept);
  const text = delimiter === undefined ? joinAnswer(prompt.text, label) : prompt.text + delimiter + label;
  // Behind nothing stands the token that begins a text, which the whole does not have.
  if (kept === '') return { context: before, answer: model.tokenizer.tokenize(text), ends: false };
  const whole = textTokens(model, text);
  return { context: before, answer: whole.slice(before.length), ends: false };
}

function split(prompt: readonly number[], whole: readonly number[], eos: number | undefined): EncodedAnswer {
  const from = Math.max(1, sharedStart(prompt, whole));
  return {
    context: whole.slice(0, from),
    answer: ended(whole.slice(from), eos),
    ends: eos !== undefined,
  };
}
