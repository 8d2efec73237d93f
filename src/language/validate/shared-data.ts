import { problem, type Problem } from '../problem.ts';
import type { Project } from '../project.ts';
import { lookup } from '../reference.ts';
import { DatasetView } from './dataset-view.ts';
import type { Fields } from './fields.ts';
import { splitReference, type SplitReference } from './splits.ts';
import type { TuneDocument } from '../tree.ts';

/** Rows that are trained on and evaluated on: within a run, and between an evaluation and the runs that it compares. */
export function checkSharedData(project: Project, fields: Fields): Problem[] {
  const { document } = fields;
  if (document.kind === 'run') {
    const evaluated = splitReference(project, document, 'data', 'eval');
    if (!evaluated || !sharesFile(project, evaluated, document)) return [];
    const message = `The run is evaluated on rows of \`${evaluated.text}\` that it is also trained on, so its metrics will look too good. Evaluate on another split.`;
    return [problem('tune/shared-data', evaluated.node, message)];
  }
  const evaluated = document.kind === 'evaluate' ? splitReference(project, document, 'data') : undefined;
  const candidates = fields.node('candidates');
  if (!evaluated || candidates?.type !== 'map') return [];
  const names = candidates.entries.flatMap(({ name }) => {
    const run = fields.string('candidates', name, 'run')?.split('@')[0];
    const found = run === undefined ? undefined : lookup(project, document.file, 'run', run).found;
    return found && sharesFile(project, evaluated, found) ? [run] : [];
  });
  if (names.length === 0) return [];
  const message = `The run \`${names[0] ?? ''}\` was trained on rows of \`${evaluated.text}\`, so its metrics will look too good. Evaluate on a split that no candidate has seen.`;
  return [problem('tune/shared-data', evaluated.node, message)];
}

/** Whether a split has a file that a run trains on. */
function sharesFile(project: Project, evaluated: SplitReference, run: TuneDocument): boolean {
  const trained = splitReference(project, run, 'data', 'train');
  const paths = new Set(pathsOf(project, trained));
  return pathsOf(project, evaluated).some((path) => paths.has(path));
}

function pathsOf(project: Project, reference: SplitReference | undefined): string[] {
  if (!reference?.dataset || reference.split === undefined) return [];
  return new DatasetView(project, reference.dataset).files(reference.split).flatMap(({ path }) => path ?? []);
}
