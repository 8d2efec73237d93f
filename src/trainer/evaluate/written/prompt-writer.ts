import type { ResolvedPrompt } from '../../../language/resolved.ts';
import type { Message } from '../../data/chat-template.ts';
import type { Prompt } from '../../generate/prompt-tokens.ts';
import { drawExamples, SimilarItems } from './few-shot.ts';
import { readItems, type Item } from './items.ts';
import { SlotTemplate } from './slots.ts';

/** Between two examples, and between the last one and the row, of a prompt that is continued. */
export const EXAMPLE_END = '\n\n';

/** Writes what a model is asked for each row. */
export interface PromptWriter {
  /** The columns that it reads, in the order in which they stand in the prompt. */
  readonly slots: readonly string[];
  /** @throws TunebookError `evaluate/missing-slot`, `evaluate/bad-prompt` */
  write(item: Item): Prompt;
}

/**
 * Reads the examples of a prompt and makes its writer.
 * @throws TunebookError `evaluate/bad-prompt`, and those of the examples' data; the signal's reason when aborted
 */
export async function createPromptWriter(prompt: ResolvedPrompt, signal: AbortSignal): Promise<PromptWriter> {
  const where = { prompt: prompt.name, file: prompt.file };
  const examplesFor = await exampleSource(prompt, signal);
  if (prompt.template !== undefined) {
    const template = new SlotTemplate(prompt.template, where);
    return {
      slots: template.slots,
      write: (item) => {
        const shots = examplesFor(item).map(
          (each) => joinAnswer(template.render(each.row), each.reference) + EXAMPLE_END,
        );
        return { text: shots.join('') + template.render(item.row) };
      },
    };
  }
  const messages = (prompt.messages ?? []).map(({ role, content }) => ({
    role,
    template: new SlotTemplate(content, where),
  }));
  const last = messages.at(-1);
  return {
    slots: [...new Set(messages.flatMap(({ template }) => template.slots))],
    write: (item) => {
      const fill = ({ role, template }: (typeof messages)[number], { row }: Item): Message => {
        return { role, content: template.render(row) };
      };
      const shots = last
        ? examplesFor(item).flatMap((each): Message[] => [
            fill(last, each),
            { role: 'assistant', content: each.reference },
          ])
        : [];
      const before = messages.slice(0, -1).map((message) => fill(message, item));
      return { messages: [...before, ...shots, ...(last ? [fill(last, item)] : [])] };
    },
  };
}

/** A prompt with its answer behind it: with a space between, as lm-evaluation-harness has it, where the prompt does not end with one. */
export function joinAnswer(prompt: string, answer: string): string {
  return prompt === '' || /\s$/.test(prompt) ? prompt + answer : `${prompt} ${answer}`;
}

async function exampleSource(
  { examples }: ResolvedPrompt,
  signal: AbortSignal,
): Promise<(item: Item) => readonly Item[]> {
  if (!examples) return () => [];
  const { data, count, select, seed } = examples;
  const { list } = await readItems(data, signal);
  if (select === 'random') {
    const drawn = drawExamples(list, count, seed);
    return () => drawn;
  }
  const similar = new SimilarItems(list);
  return (item) => similar.nearest(item.input, count);
}
