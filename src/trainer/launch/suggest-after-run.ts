import { isNotebookPath } from '../../language/notebook/notebook-path.ts';
import { resolveEvaluate } from '../../language/resolve.ts';
import { shortPath } from '../terminal/describe-error.ts';
import type { CheckedConfig } from './open-checked.ts';

/** What to try when a run has finished: the first evaluation of its file that asks for it, else a look at it. */
export function suggestAfterRun({ project, file }: CheckedConfig, run: string): string {
  // A notebook may have other cells that are not valid yet.
  if (isNotebookPath(file)) return `tunebook show ${run}   shows its metrics, files and settings`;
  const evaluations = (project.files.get(file)?.documents ?? [])
    .filter((document) => document.kind === 'evaluate')
    .map((document) => resolveEvaluate(project, document));
  const asking = evaluations.find(({ candidates }) =>
    Object.values(candidates).some((candidate) => 'run' in candidate && candidate.run === run),
  );
  if (!asking) return `tunebook show ${run}   shows its metrics, files and settings`;
  return `tunebook evaluate ${shortPath(file)} ${asking.name}   says whether it is better than what it is compared with`;
}
