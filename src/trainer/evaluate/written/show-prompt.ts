import type { PromptUse } from '../../../language/prompt-use.ts';
import type { DataReference, ResolvedPrompt } from '../../../language/resolved.ts';
import { TunebookError } from '../../../protocol/error.ts';
import { inspectCausalModel, type CausalModel } from '../../generate/causal-model.ts';
import type { Prompt } from '../../generate/prompt-tokens.ts';
import { forCandidate, locateModel } from '../candidate.ts';
import { settleData } from '../settle-formats.ts';
import { readItems, type Items } from './items.ts';
import { createPromptWriter, type PromptWriter } from './prompt-writer.ts';

/** What is needed to show a prompt on rows. */
export interface Showing {
  readonly writer: PromptWriter;
  readonly items: Items;
  /** The models of this machine that are asked, by candidate. */
  readonly models: ReadonlyMap<string, CausalModel>;
  /** Why a model is not among them. */
  readonly notes: readonly string[];
}

/**
 * Reads the first rows that a prompt is for, and its examples, and finds the models that are asked by it.
 * @param most rows that are read at most
 * @throws TunebookError `evaluate/bad-prompt`, those of the data; the signal's reason when aborted
 */
export async function readShowing(
  prompt: ResolvedPrompt,
  { data, candidates }: PromptUse & { data: DataReference },
  { workspace, signal, most }: { workspace: string; signal: AbortSignal; most: number },
): Promise<Showing> {
  const { examples } = prompt;
  const settled = examples
    ? { ...prompt, examples: { ...examples, data: await settleData(examples.data) } }
    : prompt;
  const writer = await createPromptWriter(settled, signal);
  const items = await readItems(await settleData(data), signal, most);
  const models = new Map<string, CausalModel>();
  const notes: string[] = [];
  const context = { workspace, file: prompt.file };
  for (const [name, candidate] of Object.entries(candidates)) {
    try {
      const model = await forCandidate(name, context, () =>
        inspectCausalModel(locateModel(name, candidate, context).source.folder),
      );
      models.set(name, model);
    } catch (error) {
      if (!(error instanceof TunebookError)) throw error;
      notes.push(`Its tokens are not counted. ${error.message}`);
    }
  }
  return { writer, items, models, notes };
}

/** The messages of a prompt, or its text, as people read them. */
export function partsOf(prompt: Prompt): { role?: string; text: string }[] {
  if ('text' in prompt) return [{ text: prompt.text }];
  if ('user' in prompt) return [{ role: 'user', text: prompt.user }];
  return prompt.messages.map(({ role, content }) => ({ role, text: String(content) }));
}
