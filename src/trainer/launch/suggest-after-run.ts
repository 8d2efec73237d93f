import { effective } from '../../language/effective.ts';
import { stringAt, valueAt } from '../../language/node.ts';
import { isNotebookPath } from '../../language/notebook/notebook-path.ts';
import type { TuneDocument } from '../../language/tree.ts';
import { shortPath } from '../terminal/describe-error.ts';
import type { CheckedConfig } from './open-checked.ts';

/** What to try when a run has finished: the first evaluation of its file that asks for it, else a look at it. */
export function suggestAfterRun({ project, file }: CheckedConfig, run: string): string {
  const look = `tunebook show ${run}   shows its metrics, files and settings`;
  if (isNotebookPath(file)) return look;
  // Read as they are written: other documents of the file may be wrong.
  const asks = (document: TuneDocument) => {
    const candidates = valueAt(effective(project, document), 'candidates');
    const entries = candidates?.type === 'map' ? candidates.entries : [];
    return entries.some(({ value }) => stringAt(value, 'run') === run);
  };
  const asking = project.files.get(file)?.documents.find((each) => each.kind === 'evaluate' && asks(each));
  if (asking?.name === undefined) return look;
  return `tunebook evaluate ${shortPath(file)} ${asking.name}   says whether it is better than what it is compared with`;
}
