import type { Project } from '../project.ts';
import { problemTypeOf } from '../schema/formats.ts';
import { baseFolder } from './base-folder.ts';
import { DatasetView } from './dataset-view.ts';
import type { Fields } from './fields.ts';
import { splitReference } from './splits.ts';
import type { World } from './world.ts';

/**
 * The outputs of a run's classifier: what the run or its data set say, else the labels of its data, or those of the base's head where it
 * knows all of these. `undefined` where that is not known.
 */
export async function countLabels(
  project: Project,
  fields: Fields,
  world: World,
): Promise<number | undefined> {
  if (fields.node('model', 'num_labels')) return fields.number('model', 'num_labels');
  if (fields.node('model', 'labels')) return fields.strings('model', 'labels')?.length;
  const train = splitReference(project, fields.document, 'data', 'train');
  if (!train?.dataset || train.split === undefined) return undefined;
  const view = new DatasetView(project, train.dataset);
  await view.recognise(world, fields.string('model', 'task'), fields.string('model', 'problem_type'));
  if (view.labels) return view.labels.length;
  const problem = fields.string('model', 'problem_type') ?? problemTypeOf(view.format);
  if (problem === 'regression') return 1;
  const counted = await view.labelCounts(world, train.split);
  if (!counted || counted.isPartial || counted.counts.size === 0) return undefined;
  const head = (await headLabels(fields, world)) ?? [];
  return [...counted.counts.keys()].every((name) => head.includes(name)) ? head.length : counted.counts.size;
}

/** The labels that the base model brings with its head; of what another run has learnt, they are not known here. */
export async function headLabels(fields: Fields, world: World): Promise<string[] | undefined> {
  const base = fields.string('model', 'base');
  if (base === undefined || base.startsWith('run:')) return undefined;
  const folder = baseFolder(fields);
  const facts = folder === undefined ? undefined : await world.modelFacts(folder);
  return facts?.labels ?? [];
}
