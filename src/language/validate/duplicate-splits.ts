import { problem, type Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import { DatasetView } from './dataset-view.ts';
import { Fields } from './fields.ts';
import { checkSharedData } from './shared-data.ts';
import { splitReferences } from './splits.ts';
import type { World } from './world.ts';

/** Two splits of a data set with the same file. Where a run or an evaluation takes both, that one tells it. */
export async function checkDuplicateSplits(
  project: Project,
  fields: Fields,
  world: World,
): Promise<Problem[]> {
  const { document } = fields;
  if (document.kind !== 'dataset') return [];
  const view = new DatasetView(project, document);
  const first = new Map<string, string>();
  const found: Problem[] = [];
  for (const split of view.splits) {
    for (const { node, path } of view.files(split)) {
      const earlier = path === undefined ? undefined : first.get(path);
      if (path === undefined || earlier === split) continue;
      if (earlier === undefined) {
        first.set(path, split);
        continue;
      }
      const message = `The splits \`${earlier}\` and \`${split}\` both have \`${String(node.value)}\`: what is trained on one cannot be judged by the other. Give each split files of its own.`;
      found.push(problem('tune/duplicate-split', node, message));
    }
  }
  return found.length > 0 && (await isTold(project, fields, world)) ? [] : found;
}

async function isTold(project: Project, { document }: Fields, world: World): Promise<boolean> {
  project.view?.trace.spoil();
  const takers = [...project.files.values()].flatMap((file) =>
    file.documents.filter(
      (each) =>
        (each.kind === 'run' || each.kind === 'evaluate') &&
        splitReferences(project, each).some(({ dataset }) => dataset === document),
    ),
  );
  for (const each of takers) {
    if ((await checkSharedData(project, new Fields(project, each), world)).length > 0) return true;
  }
  return false;
}
