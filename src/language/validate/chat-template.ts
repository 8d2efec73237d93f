import { problemOfTrainer, type Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import { baseFolder, modelFolder } from './base-folder.ts';
import type { Fields } from './fields.ts';
import { DatasetView } from './dataset-view.ts';
import { splitReference } from './splits.ts';
import type { World } from './world.ts';

/** Formats whose rows only a chat template makes texts of. Alpaca's have one to fall back on. */
const NEED_TEMPLATE = ['chat', 'sharegpt'];

/** Conversations without a chat template to render them with. */
export async function checkChatTemplate(project: Project, fields: Fields, world: World): Promise<Problem[]> {
  const dataset = splitReference(project, fields.document, 'data', 'train')?.dataset;
  if (!dataset || fields.node('data', 'chat_template_path')) return [];
  const view = new DatasetView(project, dataset);
  await view.recognise(world, fields.string('model', 'task'));
  const format = view.format ?? '';
  if (!NEED_TEMPLATE.includes(format)) return [];
  const own = fields.node('model', 'tokenizer');
  const node = own ?? fields.node('model', 'base');
  const reference = fields.string('model', own ? 'tokenizer' : 'base') ?? '';
  const folder =
    (own ? modelFolder(fields, 'model', 'tokenizer') : baseFolder(fields)) ??
    (await world.cachedModel(reference));
  if (node?.type !== 'scalar' || folder === undefined) return [];
  const facts = await world.modelFacts(folder);
  if (facts?.chat_template !== false) return [];
  const message = `\`${reference}\` has no chat template, so the conversations of \`format: ${format}\` cannot be made texts. Take the instruction-tuned sibling of the model, or name a template file in \`data: chat_template_path\`.`;
  return [problemOfTrainer('data/no-chat-template', node, message)];
}
