import { dirname, relative } from 'node:path';
import { usesOfPrompt } from '../../language/prompt-use.ts';
import { resolvePrompt } from '../../language/resolve.ts';
import type { PromptDescription } from '../../protocol/notebook.ts';
import { partsOf, readShowing } from '../evaluate/written/show-prompt.ts';
import { promptTokens } from '../generate/prompt-tokens.ts';
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
  const { writer, items, models, notes } = await readShowing(
    prompt,
    { ...use, data: use.data },
    { workspace, signal, most: ROWS },
  );
  const rows = items.list.map((item) => {
    const asked = writer.write(item);
    return {
      place: `${relative(dirname(file), item.row.file)}:${item.row.line}`,
      text: partsOf(asked)
        .map(({ role, text }) => (role === undefined ? text : `[${role}]\n${text}`))
        .join('\n\n'),
      tokens: [...models.values()].map((model) => promptTokens(model, asked).length),
    };
  });
  return { name, data: items.data, counted: [...models.keys()], rows, notes: [...notes] };
}
