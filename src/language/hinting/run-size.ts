import type { SizeFacts } from '../../protocol/inspect.ts';
import type { LanguageHost } from '../host.ts';
import { folderOf } from '../model-folder.ts';
import type { Project } from '../project.ts';
import { countLabels } from '../validate/count-labels.ts';
import type { Fields } from '../validate/fields.ts';
import { methodOf } from '../validate/resolved-method.ts';
import type { World } from '../validate/world.ts';

/** How large the model of a run is and how much of it is trained; `undefined` where its config does not say enough. */
export async function runSize(
  project: Project,
  fields: Fields,
  host: LanguageHost,
  world: World,
  signal?: AbortSignal,
): Promise<SizeFacts | undefined> {
  const folder = folderOf(fields.node('model', 'base'));
  const task = fields.string('model', 'task');
  const method = methodOf(fields);
  const accumulated = fields.number('train', 'gradient_accumulation_steps');
  const optim = fields.string('train', 'optim');
  if (!host.sizeFacts || folder === undefined || task === undefined || !method || !accumulated || !optim)
    return undefined;
  if ((await world.kindOf(folder)) !== 'folder') return undefined;
  const numLabels = task.endsWith('-classification') ? await countLabels(project, fields, world) : undefined;
  return host.sizeFacts(
    {
      folder,
      task,
      ...(numLabels !== undefined && { num_labels: numLabels }),
      method,
      gradient_accumulation_steps: accumulated,
      optim,
    },
    signal,
  );
}
