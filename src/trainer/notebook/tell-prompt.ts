import { dirname, relative } from 'node:path';
import { usesOfPrompt, type PromptUse } from '../../language/prompt-use.ts';
import { resolvePrompt } from '../../language/resolve.ts';
import { TunebookError } from '../../protocol/error.ts';
import type { PromptDescription } from '../../protocol/notebook.ts';
import { forCandidate, locateModel } from '../evaluate/candidate.ts';
import { readItems } from '../evaluate/written/items.ts';
import { createPromptWriter } from '../evaluate/written/prompt-writer.ts';
import { inspectCausalModel, type CausalModel } from '../generate/causal-model.ts';
import { promptTokens, type Prompt } from '../generate/prompt-tokens.ts';
import type { CheckedConfig } from '../launch/open-checked.ts';

/** Rows that a prompt is shown on. */
const ROWS = 3;

/**
 * Says what a model is asked for the first rows, and how many tokens that is for the models that are asked. A model that is not there
 * yet, or does not write, is named with the reason and not counted. Places of rows are seen from the folder of the config.
 * @throws TunebookError `evaluate/missing-slot`, `evaluate/bad-prompt`, those of the data; the signal's reason when aborted
 */
export async function tellPrompt(
  { project, document, workspace, file }: CheckedConfig,
  signal: AbortSignal,
): Promise<PromptDescription> {
  const prompt = resolvePrompt(project, document);
  const use = usesOfPrompt(project, prompt);
  const { name } = prompt;
  if (!use.data)
    return {
      name,
      counted: [],
      rows: [],
      notes: [
        `No evaluation of this file asks by it, so nothing says which rows it is for: give a candidate of one \`prompt: ${name}\`.`,
      ],
    };
  const writer = await createPromptWriter(prompt, signal);
  const { data, list } = await readItems(use.data, signal, ROWS);
  const { models, notes } = await findModels(use, { workspace, file: prompt.file });
  const rows = list.map((item) => {
    const asked = writer.write(item);
    return {
      place: `${relative(dirname(file), item.row.file)}:${item.row.line}`,
      text: textOf(asked),
      tokens: [...models.values()].map((model) => promptTokens(model, asked).length),
    };
  });
  return { name, data, counted: [...models.keys()], rows, notes };
}

/** The models that are asked, by candidate; why one is not there is a note. */
async function findModels(
  { candidates }: PromptUse,
  context: { workspace: string; file: string },
): Promise<{ models: Map<string, CausalModel>; notes: string[] }> {
  const models = new Map<string, CausalModel>();
  const notes: string[] = [];
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
  return { models, notes };
}

function textOf(prompt: Prompt): string {
  if ('text' in prompt) return prompt.text;
  if ('user' in prompt) return prompt.user;
  return prompt.messages.map(({ role, content }) => `[${role}]\n${String(content)}`).join('\n\n');
}
