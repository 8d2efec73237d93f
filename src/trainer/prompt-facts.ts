import type { PromptUse } from '../language/prompt-use.ts';
import type { ResolvedPrompt } from '../language/resolved.ts';
import { TunebookError } from '../protocol/error.ts';
import type { PromptFacts } from '../protocol/inspect.ts';
import type { Item } from './evaluate/written/items.ts';
import { partsOf, readShowing, type Showing } from './evaluate/written/show-prompt.ts';
import { promptTokens } from './generate/prompt-tokens.ts';

/** Which row is meant, and where runs are. */
export interface PromptQuestion {
  /** From 0. */
  readonly row: number;
  readonly workspace: string;
  readonly signal: AbortSignal;
}

/**
 * What a model is asked by a prompt about one row, and in how many tokens; what is wrong with prompt or data is told in its place.
 * @throws the signal's reason when aborted
 */
export async function promptFacts(
  prompt: ResolvedPrompt,
  { data, candidates }: PromptUse,
  { row, workspace, signal }: PromptQuestion,
): Promise<PromptFacts> {
  const nothing = { parts: [], counted: [], notes: [] };
  if (!data) return nothing;
  try {
    const showing = await readShowing(prompt, { data, candidates }, { workspace, signal, most: row + 1 });
    return describe(showing);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TunebookError)) throw error;
    return { ...nothing, problem: wordsOf(error) };
  }
}

function describe({ writer, items, models, notes }: Showing): PromptFacts {
  const place = items.list.length - 1;
  const item = items.list[place]!;
  const { file, line } = item.row;
  const facts = { data: items.data, row: place, place: { file, line }, notes: [...notes] };
  const asked = write(writer, item);
  if (asked instanceof TunebookError) return { ...facts, parts: [], counted: [], problem: wordsOf(asked) };
  const [first] = models.values();
  return {
    ...facts,
    parts: partsOf(asked).map((part) => ({
      ...part,
      ...(first && { tokens: first.tokenizer.tokenize(part.text).length }),
    })),
    counted: [...models].map(([candidate, model]) => ({
      candidate,
      tokens: promptTokens(model, asked).length,
      context: model.contextLength,
    })),
  };
}

/** A row that lacks a slot is told with its place. */
function write(writer: Showing['writer'], item: Item) {
  try {
    return writer.write(item);
  } catch (error) {
    if (error instanceof TunebookError) return error;
    throw error;
  }
}

function wordsOf({ message, hint }: TunebookError): string {
  return hint === undefined ? message : `${message} ${hint}`;
}
