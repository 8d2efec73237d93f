import type { SizeFacts } from '../../protocol/inspect.ts';
import type { LanguageHost } from '../host.ts';
import { folderOf } from '../model-folder.ts';
import type { Project } from '../project.ts';
import { problemTypeOf } from '../schema/formats.ts';
import { DatasetView } from '../validate/dataset-view.ts';
import type { Fields } from '../validate/fields.ts';
import { methodOf } from '../validate/resolved-method.ts';
import { splitReference } from '../validate/splits.ts';
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

/** The outputs of a classifier: what the run says, or the labels of its data. */
async function countLabels(project: Project, fields: Fields, world: World): Promise<number | undefined> {
  if (fields.node('model', 'num_labels')) return fields.number('model', 'num_labels');
  if (fields.node('model', 'labels')) return fields.strings('model', 'labels')?.length;
  const train = splitReference(project, fields.document, 'data', 'train');
  if (!train?.dataset || train.split === undefined) return undefined;
  const view = new DatasetView(project, train.dataset);
  if (view.labels) return view.labels.length;
  const problem = fields.string('model', 'problem_type') ?? problemTypeOf(view.fields.string('format'));
  if (problem === 'regression') return 1;
  const counted = problem === undefined ? undefined : await view.labelCounts(world, train.split);
  return counted && !counted.isPartial ? counted.counts.size : undefined;
}
