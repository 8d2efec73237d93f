import type { Prompt } from '../generate/prompt-tokens.ts';
import type { PromptWriter } from '../evaluate/written/prompt-writer.ts';
import type { Question } from './player.ts';

/** What a person typed, where a message names a row's file. */
const TYPED = 'what you typed';

/** Which of a prompt's columns is what a person types: the column of the data's input, or else the first. */
export function inputSlot({ slots }: PromptWriter, column: string | undefined): string | undefined {
  return column !== undefined && slots.includes(column) ? column : slots[0];
}

/**
 * The prompt with what a person typed in its slots.
 * @throws TunebookError `evaluate/bad-prompt`
 */
export function writeQuestion(writer: PromptWriter, input: string | undefined, question: Question): Prompt {
  const values: Record<string, string> = {};
  for (const slot of writer.slots) values[slot] = question.slots[slot] ?? '';
  if (input !== undefined) values[input] = question.text;
  return writer.write({ row: { values, file: TYPED, line: 1 }, input: question.text, reference: '' });
}

/** A conversation with what was typed as its newest message. */
export function conversation({ text, past }: Question): Prompt {
  return {
    messages: [
      ...past.flatMap(({ user, assistant }) => [
        { role: 'user', content: user },
        { role: 'assistant', content: assistant },
      ]),
      { role: 'user', content: text },
    ],
  };
}
