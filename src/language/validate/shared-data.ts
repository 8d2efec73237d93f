import { isCut } from '../data-params.ts';
import { effective } from '../effective.ts';
import { CUT_SPLIT, HELD_OUT_SPLIT } from '../held-out.ts';
import { problem, type Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import { lookup } from '../reference.ts';
import { DatasetView } from './dataset-view.ts';
import type { Fields } from './fields.ts';
import { splitReference, type SplitReference } from './splits.ts';
import type { TuneDocument } from '../tree.ts';
import type { World } from './world.ts';

/** Rows that are trained on and evaluated on: within a run, and between an evaluation and the runs that it compares. */
export async function checkSharedData(project: Project, fields: Fields, world: World): Promise<Problem[]> {
  const { document } = fields;
  if (document.kind === 'run') {
    const evaluated = splitReference(project, document, 'data', 'eval');
    if (!evaluated || !(await sharesFile(project, evaluated, document, world))) return [];
    const message = `The run is evaluated on rows of \`${evaluated.text}\` that it is also trained on, so its metrics will look too good. Evaluate on another split.`;
    return [problem('tune/shared-data', evaluated.node, message)];
  }
  const evaluated = document.kind === 'evaluate' ? splitReference(project, document, 'data') : undefined;
  const candidates = fields.node('candidates');
  if (!evaluated || candidates?.type !== 'map') return [];
  const names: string[] = [];
  for (const { name } of candidates.entries) {
    const run = fields.string('candidates', name, 'run')?.split('@')[0];
    const found = run === undefined ? undefined : lookup(project, document.file, 'run', run).found;
    if (run !== undefined && found && (await sharesFile(project, evaluated, found, world))) names.push(run);
  }
  if (names.length === 0) return [];
  const message = `The run \`${names[0] ?? ''}\` was trained on rows of \`${evaluated.text}\`, so its metrics will look too good. Evaluate on a split that no candidate has seen.`;
  return [problem('tune/shared-data', evaluated.node, message)];
}

/** Whether a split has a file that a run trains on. */
async function sharesFile(
  project: Project,
  evaluated: SplitReference,
  run: TuneDocument,
  world: World,
): Promise<boolean> {
  const trained = splitReference(project, run, 'data', 'train');
  if (trained && areApart(project, trained, evaluated)) return false;
  const paths = new Set(await pathsOf(project, trained, world));
  return (await pathsOf(project, evaluated, world)).some((path) => paths.has(path));
}

/** Whether two splits are the two sides of a `train_test_split`, which share files and no row. */
function areApart(project: Project, one: SplitReference, other: SplitReference): boolean {
  if (!one.dataset || one.dataset !== other.dataset || one.split === other.split) return false;
  const names = [CUT_SPLIT, HELD_OUT_SPLIT];
  return (
    isCut(effective(project, one.dataset)) && [one, other].every(({ split = '' }) => names.includes(split))
  );
}

async function pathsOf(
  project: Project,
  reference: SplitReference | undefined,
  world: World,
): Promise<string[]> {
  if (!reference?.dataset || reference.split === undefined) return [];
  const files = new DatasetView(project, reference.dataset).files(reference.split);
  const paths = await Promise.all(
    files.map(async ({ path }) => (path === undefined ? [] : ((await world.dataFiles(path)) ?? [path]))),
  );
  return paths.flat();
}
